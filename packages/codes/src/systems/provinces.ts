import type { Words } from "./coding-system.ts";

/** A province, an autonomous region, a municipality or a special region. */
export type Province = Words & {
  /** The character that stands for it on licence plates. */
  readonly plate: string;
};

/** By the first two digits of a division code. GB/T 2260. */
export const PROVINCES: ReadonlyMap<string, Province> = new Map([
  ["11", { en: "Beijing", zh: "北京市", plate: "京" }],
  ["12", { en: "Tianjin", zh: "天津市", plate: "津" }],
  ["13", { en: "Hebei", zh: "河北省", plate: "冀" }],
  ["14", { en: "Shanxi", zh: "山西省", plate: "晋" }],
  ["15", { en: "Inner Mongolia", zh: "内蒙古自治区", plate: "蒙" }],
  ["21", { en: "Liaoning", zh: "辽宁省", plate: "辽" }],
  ["22", { en: "Jilin", zh: "吉林省", plate: "吉" }],
  ["23", { en: "Heilongjiang", zh: "黑龙江省", plate: "黑" }],
  ["31", { en: "Shanghai", zh: "上海市", plate: "沪" }],
  ["32", { en: "Jiangsu", zh: "江苏省", plate: "苏" }],
  ["33", { en: "Zhejiang", zh: "浙江省", plate: "浙" }],
  ["34", { en: "Anhui", zh: "安徽省", plate: "皖" }],
  ["35", { en: "Fujian", zh: "福建省", plate: "闽" }],
  ["36", { en: "Jiangxi", zh: "江西省", plate: "赣" }],
  ["37", { en: "Shandong", zh: "山东省", plate: "鲁" }],
  ["41", { en: "Henan", zh: "河南省", plate: "豫" }],
  ["42", { en: "Hubei", zh: "湖北省", plate: "鄂" }],
  ["43", { en: "Hunan", zh: "湖南省", plate: "湘" }],
  ["44", { en: "Guangdong", zh: "广东省", plate: "粤" }],
  ["45", { en: "Guangxi", zh: "广西壮族自治区", plate: "桂" }],
  ["46", { en: "Hainan", zh: "海南省", plate: "琼" }],
  ["50", { en: "Chongqing", zh: "重庆市", plate: "渝" }],
  ["51", { en: "Sichuan", zh: "四川省", plate: "川" }],
  ["52", { en: "Guizhou", zh: "贵州省", plate: "贵" }],
  ["53", { en: "Yunnan", zh: "云南省", plate: "云" }],
  ["54", { en: "Tibet", zh: "西藏自治区", plate: "藏" }],
  ["61", { en: "Shaanxi", zh: "陕西省", plate: "陕" }],
  ["62", { en: "Gansu", zh: "甘肃省", plate: "甘" }],
  ["63", { en: "Qinghai", zh: "青海省", plate: "青" }],
  ["64", { en: "Ningxia", zh: "宁夏回族自治区", plate: "宁" }],
  ["65", { en: "Xinjiang", zh: "新疆维吾尔自治区", plate: "新" }],
  ["71", { en: "Taiwan", zh: "台湾省", plate: "台" }],
  ["81", { en: "Hong Kong", zh: "香港特别行政区", plate: "港" }],
  ["82", { en: "Macao", zh: "澳门特别行政区", plate: "澳" }],
]);
