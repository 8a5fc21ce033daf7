import type { Words } from "../systems/coding-system.ts";

/**
 * What the values of application identifiers are, in our words: identifier, or what several begin with; English; Chinese
 * (after GB/T 16986 where it has a term that we know).
 */
const NAMES = `
00|Serial shipping container code (SSCC)|系列货运包装箱代码（SSCC）
01|Trade item number (GTIN)|全球贸易项目代码（GTIN）
02|GTIN of the trade items contained|物流单元内贸易项目的 GTIN
03|GTIN of a made-to-order trade item|定制贸易项目的 GTIN
10|Batch or lot|批号
11|Production date|生产日期
12|Due date|付款截止日期
13|Packaging date|包装日期
15|Best before|保质期
16|Sell by|销售截止日期
17|Use by or expiry date|有效期
20|Internal product variant|内部产品变体
21|Serial number|系列号
22|Consumer product variant|消费产品变体
235|Third-party serial of a GTIN|第三方控制的 GTIN 序列号
240|Additional product identification|附加产品标识
241|Customer part number|客户方代码
242|Made-to-order variation number|定制产品代码
243|Packaging component number|包装组件代码
250|Secondary serial number|二级系列号
251|Reference to source entity|源实体参考代码
253|Global document type identifier (GDTI)|全球文件类型代码（GDTI）
254|Extension component of a GLN|GLN 扩展代码
255|Global coupon number (GCN)|全球优惠券代码（GCN）
30|Variable count|变量贸易项目数量
310|Net weight|净重
311|Length or first dimension|长度
312|Width, diameter or second dimension|宽度、直径
313|Depth, thickness or third dimension|深度、厚度、高度
314|Area|面积
315|Net volume|净体积
316|Net volume|净体积
320|Net weight|净重
321|Length or first dimension|长度
322|Length or first dimension|长度
323|Length or first dimension|长度
324|Width, diameter or second dimension|宽度、直径
325|Width, diameter or second dimension|宽度、直径
326|Width, diameter or second dimension|宽度、直径
327|Depth, thickness or third dimension|深度、厚度、高度
328|Depth, thickness or third dimension|深度、厚度、高度
329|Depth, thickness or third dimension|深度、厚度、高度
330|Gross weight of a logistic unit|物流单元毛重
331|Length of a logistic unit|物流单元长度
332|Width or diameter of a logistic unit|物流单元宽度、直径
333|Height of a logistic unit|物流单元高度
334|Area of a logistic unit|物流单元面积
335|Volume of a logistic unit|物流单元体积
336|Volume of a logistic unit|物流单元体积
337|Weight of a square metre|单位面积重量
340|Gross weight of a logistic unit|物流单元毛重
341|Length of a logistic unit|物流单元长度
342|Length of a logistic unit|物流单元长度
343|Length of a logistic unit|物流单元长度
344|Width or diameter of a logistic unit|物流单元宽度、直径
345|Width or diameter of a logistic unit|物流单元宽度、直径
346|Width or diameter of a logistic unit|物流单元宽度、直径
347|Height of a logistic unit|物流单元高度
348|Height of a logistic unit|物流单元高度
349|Height of a logistic unit|物流单元高度
350|Area|面积
351|Area|面积
352|Area|面积
353|Area of a logistic unit|物流单元面积
354|Area of a logistic unit|物流单元面积
355|Area of a logistic unit|物流单元面积
356|Net weight|净重
357|Net weight or volume|净重或净体积
360|Net volume|净体积
361|Net volume|净体积
362|Volume of a logistic unit|物流单元体积
363|Volume of a logistic unit|物流单元体积
364|Net volume|净体积
365|Net volume|净体积
366|Net volume|净体积
367|Volume of a logistic unit|物流单元体积
368|Volume of a logistic unit|物流单元体积
369|Volume of a logistic unit|物流单元体积
37|Count of trade items in a logistic unit|物流单元内贸易项目数量
390|Amount payable or coupon value|应付金额或优惠券价值
391|Amount payable with currency|应付金额（含货币代码）
392|Price of a variable measure item|变量贸易项目应付金额
393|Price of a variable measure item with currency|变量贸易项目应付金额（含货币代码）
394|Percentage discount of a coupon|优惠券折扣百分比
395|Price by unit of measure|计量单位单价
400|Customer purchase order number|客户订购单代码
401|Global identification number for consignment (GINC)|全球托运标识代码（GINC）
402|Global shipment identification number (GSIN)|全球装运标识代码（GSIN）
403|Routing code|路径代码
410|Ship to or deliver to (GLN)|交货地 GLN
411|Bill to or invoice to (GLN)|受票方 GLN
412|Purchased from (GLN)|供货方 GLN
413|Ship for or forward to (GLN)|最终目的地 GLN
414|Physical location (GLN)|物理位置 GLN
415|Invoicing party (GLN)|开票方 GLN
416|Production or service location (GLN)|生产或服务位置 GLN
417|Party (GLN)|参与方 GLN
420|Postal code of ship to|交货地邮政编码
421|Postal code of ship to, with country|含国家代码的交货地邮政编码
422|Country of origin|原产国
423|Countries of initial processing|初始加工国家
424|Country of processing|加工国
425|Countries of disassembly|拆分国家
426|Country of the full process chain|全程加工国
427|Country subdivision of origin|原产地行政区划
4300|Ship to: company|交货地公司名称
4301|Ship to: contact|交货地联系人
4302|Ship to: address line 1|交货地地址第 1 行
4303|Ship to: address line 2|交货地地址第 2 行
4304|Ship to: suburb|交货地区域
4305|Ship to: locality|交货地城市
4306|Ship to: region|交货地地区
4307|Ship to: country|交货地国家
4308|Ship to: telephone|交货地电话
4309|Ship to: place|交货地地理坐标
4310|Return to: company|退货地公司名称
4311|Return to: contact|退货地联系人
4312|Return to: address line 1|退货地地址第 1 行
4313|Return to: address line 2|退货地地址第 2 行
4314|Return to: suburb|退货地区域
4315|Return to: locality|退货地城市
4316|Return to: region|退货地地区
4317|Return to: country|退货地国家
4318|Return to: postal code|退货地邮政编码
4319|Return to: telephone|退货地电话
4320|Service description|服务描述
4321|Dangerous goods|危险品
4322|Authority to leave|允许无人签收
4323|Signature required|需要签收
4324|Not before delivery date and time|最早交付时间
4325|Not after delivery date and time|最晚交付时间
4326|Release date|放行日期
4330|Maximum temperature in Fahrenheit|最高温度（华氏）
4331|Maximum temperature in Celsius|最高温度（摄氏）
4332|Minimum temperature in Fahrenheit|最低温度（华氏）
4333|Minimum temperature in Celsius|最低温度（摄氏）
7001|NATO stock number|北约物资编码
7002|Carcasses and cuts of meat|肉类胴体与分割产品分类
7003|Expiry date and time|有效期日期和时间
7004|Active potency|活性值
7005|Catch area|捕获区域
7006|First freeze date|首次冷冻日期
7007|Harvest date|收获日期
7008|Species of fish|水产物种
7009|Fishing gear|渔具类型
7010|Production method|生产方式
7011|Test by date|检测截止日期
7020|Refurbishment lot|翻新批号
7021|Functional status|功能状态
7022|Revision status|修订状态
7023|GIAI of an assembly|组件 GIAI
703|Processor, with country|加工者（含国家代码）
7040|Unique identifier code with extensions|唯一标识代码及扩展
7041|Freight unit type|货运单元类型
710|Health care reimbursement number: Germany|医保报销代码：德国
711|Health care reimbursement number: France|医保报销代码：法国
712|Health care reimbursement number: Spain|医保报销代码：西班牙
713|Health care reimbursement number: Brazil|医保报销代码：巴西
714|Health care reimbursement number: Portugal|医保报销代码：葡萄牙
715|Health care reimbursement number: United States|医保报销代码：美国
716|Health care reimbursement number: Italy|医保报销代码：意大利
717|Health care reimbursement number: Costa Rica|医保报销代码：哥斯达黎加
723|Certification reference|认证参考
7240|Protocol|研究方案
7241|Medium of the data carrier|数据载体媒介类型
7242|Version control number|版本控制号
7250|Date of birth|出生日期
7251|Date and time of birth|出生日期和时间
7252|Sex|生理性别
7253|Family name|姓
7254|Given name|名
7255|Suffix of a name|姓名后缀
7256|Full name|全名
7257|Address of a person|个人地址
7258|Birth sequence|出生顺序
7259|Family name of a baby|婴儿家庭姓氏
8001|Dimensions of roll products|卷状产品尺寸
8002|Cellular mobile telephone identifier|蜂窝移动电话标识
8003|Global returnable asset identifier (GRAI)|全球可回收资产代码（GRAI）
8004|Global individual asset identifier (GIAI)|全球单个资产代码（GIAI）
8005|Price by unit of measure|单价
8006|Piece of a trade item (ITIP)|贸易项目组件（ITIP）
8007|International bank account number (IBAN)|国际银行账号（IBAN）
8008|Production date and time|生产日期和时间
8009|Optically readable sensor|光学可读传感器
8010|Component or part identifier (CPID)|组件或部件代码（CPID）
8011|Serial of a component or part|组件或部件系列号
8012|Software version|软件版本
8013|Global model number (GMN)|全球型号代码（GMN）
8014|Highly individualised device (M-UDI)|高度个性化器械注册标识（M-UDI）
8017|Service provider (GSRN)|服务提供方代码（GSRN）
8018|Service recipient (GSRN)|服务接受方代码（GSRN）
8019|Service relation instance|服务关系事项代码
8020|Payment slip reference|付款单参考代码
8026|Piece of a trade item contained (ITIP)|物流单元内贸易项目组件（ITIP）
8030|Digital signature|数字签名
8040|IMEI|IMEI
8041|Second IMEI|第二 IMEI
8042|Embedded SIM|嵌入式 SIM
8043|Physical SIM|实体 SIM
8110|Coupon code, North America|北美优惠券代码
8111|Loyalty points of a coupon|优惠券积分
8112|Paperless coupon code, North America|北美无纸化优惠券代码
8200|Product address on the web|产品扩展包装网址
90|Agreed between trading partners|贸易伙伴之间约定
91|Company internal|公司内部信息
92|Company internal|公司内部信息
93|Company internal|公司内部信息
94|Company internal|公司内部信息
95|Company internal|公司内部信息
96|Company internal|公司内部信息
97|Company internal|公司内部信息
98|Company internal|公司内部信息
99|Company internal|公司内部信息
`;

const BY_BEGINNING: ReadonlyMap<string, Words> = new Map(
  NAMES.trim()
    .split("\n")
    .map((row) => {
      const [ai = "", en = "", zh = ""] = row.split("|");
      return [ai, { en, zh }];
    }),
);

/** What the values of an application identifier are. Its digits stand for it where that is not known here. */
export function nameOfIdentifier(ai: string): Words {
  return BY_BEGINNING.get(ai) ?? BY_BEGINNING.get(ai.slice(0, 3)) ?? { en: `(${ai})`, zh: `(${ai})` };
}
