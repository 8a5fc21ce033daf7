import type { AttributeName } from "@cityroot/core/attribute/attribute";
import type { Language } from "../language.ts";

/** A name in every language of the pages. */
type Names = { readonly [language in Language]: string };

/** What attributes are called. */
export const ATTRIBUTE_NAMES: { readonly [name in AttributeName]: Names } = {
  address: { zh: "地址", en: "Address" },
  "alternative-name": { zh: "其他名称", en: "Also called" },
  category: { zh: "细类", en: "Category" },
  "contact-role": { zh: "负责岗位", en: "Responsible office" },
  description: { zh: "说明", en: "Description" },
  "height-mm": { zh: "高度", en: "Height" },
  "installed-year": { zh: "安装年份", en: "Installed" },
  legacy: { zh: "其他系统中的编码", en: "Codes in other systems" },
  level: { zh: "级别", en: "Level" },
  "located-in": { zh: "位于", en: "Located in" },
  manufacturer: { zh: "制造商", en: "Manufacturer" },
  material: { zh: "材料", en: "Material" },
  "media-type": { zh: "媒体类型", en: "Media type" },
  model: { zh: "型号", en: "Model" },
  name: { zh: "名称", en: "Name" },
  "part-of": { zh: "属于", en: "Part of" },
  place: { zh: "位置", en: "Place" },
  schema: { zh: "数据结构", en: "Schema" },
  "valid-from-year": { zh: "生效年份", en: "Valid from" },
  "valid-until-year": { zh: "失效年份", en: "Valid until" },
  "width-mm": { zh: "宽度", en: "Width" },
};

/** What classes are called; one that is not here shows the word that the ledger has. */
export const CLASS_NAMES: { readonly [name: string]: Names } = {
  asset: { zh: "资产", en: "Asset" },
  bench: { zh: "座椅", en: "Bench" },
  bridge: { zh: "桥梁", en: "Bridge" },
  building: { zh: "建筑物", en: "Building" },
  bureau: { zh: "局", en: "Bureau" },
  cabinet: { zh: "控制箱", en: "Cabinet" },
  camera: { zh: "摄像机", en: "Camera" },
  city: { zh: "城市", en: "City" },
  committee: { zh: "居民委员会或村民委员会", en: "Residents' or villagers' committee" },
  country: { zh: "国家", en: "Country" },
  county: { zh: "县级区划", en: "County" },
  dataset: { zh: "数据集", en: "Data set" },
  department: { zh: "部门", en: "Department" },
  division: { zh: "行政区划", en: "Administrative division" },
  document: { zh: "文件", en: "Document" },
  hydrant: { zh: "消火栓", en: "Fire hydrant" },
  lamp: { zh: "路灯", en: "Street lamp" },
  manhole: { zh: "井盖", en: "Manhole" },
  meter: { zh: "计量表", en: "Meter" },
  organisation: { zh: "单位", en: "Organisation" },
  pipe: { zh: "管线", en: "Pipe" },
  pole: { zh: "杆件", en: "Pole" },
  product: { zh: "产品", en: "Product" },
  province: { zh: "省级区划", en: "Province" },
  road: { zh: "道路", en: "Road" },
  schema: { zh: "数据结构", en: "Schema" },
  sensor: { zh: "传感器", en: "Sensor" },
  service: { zh: "服务", en: "Service" },
  sign: { zh: "标志牌", en: "Sign" },
  "street-lamp": { zh: "路灯", en: "Street lamp" },
  "traffic-light": { zh: "交通信号灯", en: "Traffic light" },
  "transit-stop": { zh: "公交站点", en: "Transit stop" },
  tree: { zh: "树木", en: "Tree" },
  valve: { zh: "阀门", en: "Valve" },
  vehicle: { zh: "车辆", en: "Vehicle" },
};

/** What reasons, roles and other tokens are called, as far as they are common. */
export const TOKEN_NAMES: { readonly [token: string]: Names } = {
  damaged: { zh: "损坏", en: "damaged" },
  demolished: { zh: "已拆除", en: "demolished" },
  duplicate: { zh: "重复", en: "duplicate" },
  error: { zh: "登记有误", en: "recorded in error" },
  lost: { zh: "遗失", en: "lost" },
  moved: { zh: "已迁移", en: "moved" },
  removed: { zh: "已移除", en: "removed" },
  replaced: { zh: "已更换", en: "replaced" },
  "street-lighting": { zh: "路灯管理", en: "street lighting" },
  superseded: { zh: "已被取代", en: "superseded" },
  "under-repair": { zh: "维修中", en: "under repair" },
};

/** What relations of links are called. */
export const RELATION_NAMES: { readonly [relation: string]: Names } = {
  about: { zh: "相关说明", en: "About" },
  alternate: { zh: "其他版本", en: "Another form" },
  canonical: { zh: "正式网址", en: "Canonical address" },
  describedby: { zh: "说明文件", en: "Description" },
  help: { zh: "帮助与报修", en: "Help and reports" },
  icon: { zh: "图标", en: "Icon" },
  item: { zh: "条目", en: "Item" },
  license: { zh: "许可", en: "Licence" },
  original: { zh: "原件", en: "Original" },
  related: { zh: "相关内容", en: "Related" },
  "service-desc": { zh: "接口描述", en: "Interface description" },
  "service-doc": { zh: "接口文档", en: "Interface documentation" },
  via: { zh: "来源", en: "Source" },
};

/** What other coding systems are called. */
export const SCHEME_NAMES: { readonly [scheme: string]: Names } = {
  "asset-number": { zh: "资产编号", en: "Asset number" },
  gbt2260: { zh: "GB/T 2260 行政区划代码", en: "GB/T 2260 division code" },
  "gs1-giai": { zh: "GS1 单个资产代码", en: "GS1 GIAI" },
  gtin: { zh: "商品条码 GTIN", en: "GTIN" },
  ifopt: { zh: "IFOPT 站点标识", en: "IFOPT stop id" },
  oid: { zh: "OID 对象标识符", en: "OID" },
  stat12: { zh: "统计用区划代码", en: "Statistical division code" },
  uscc: { zh: "统一社会信用代码", en: "Unified social credit code" },
};
