import type { Words } from "../systems/coding-system.ts";

/** A data identifier: what stands behind it. */
export type DataIdentifier = {
  readonly name: Words;
  /** The coding system whose values stand behind it. */
  readonly system?: string;
  /** Whether it is a date of eight digits, year first. */
  readonly isDate?: true;
};

/** A data identifier as messages write it, with the text behind it. */
export type DataField = { readonly di: string; readonly value: string };

/**
 * Data identifiers of ANSI MH10.8.2 (ISO/IEC 15418) that mark things, those who make them and their dates. The standard has
 * several hundred; what is not here is shown under its own name. Held against the public list of its maintainers.
 */
const IDENTIFIERS: Readonly<Record<string, DataIdentifier>> = {
  "25B": named(
    "Returnable item: issuing agency, company, serial number",
    "可回收单元：发码机构、企业、序列号",
  ),
  "10D": named("Date, year and week", "日期（年和周）"),
  "12D": date("Date", "日期"),
  "14D": date("Expiry date", "失效日期"),
  "16D": date("Date of manufacture", "生产日期"),
  "25D": date("Best before", "保质期"),
  I: { ...named("Vehicle identification number", "车辆识别代号"), system: "vin" },
  J: named("Transport unit", "运输单元"),
  "1J": named("Transport unit, the smallest", "运输单元（最小）"),
  K: named("Order number of the customer", "客户订单号"),
  "1K": named("Order number of the supplier", "供应商订单号"),
  L: named("Storage location", "存放位置"),
  "4L": named("Country of origin", "原产国"),
  P: named("Item, by the customer's number", "物品（客户编号）"),
  "1P": named("Item, by the supplier's number", "物品（供应商编号）"),
  "2P": named("Revision", "版本"),
  "25P": named("Item: issuing agency, company, number", "物品：发码机构、企业、编号"),
  Q: named("Quantity", "数量"),
  S: named("Serial number", "序列号"),
  "11S": named("Fixed asset", "固定资产"),
  "12S": named("Document number", "文件编号"),
  "16S": named("Version", "版本号"),
  "18S": named("Maker and serial number", "制造商和序列号"),
  "20S": named("Traceability, by the customer's number", "追溯码（客户编号）"),
  "22S": { ...named("Mobile telephone", "移动电话设备"), system: "imei" },
  "23S": { ...named("Network address of a device", "设备网络地址（MAC）"), system: "eui-48" },
  "25S": named("Single item: issuing agency, company, serial number", "单件物品：发码机构、企业、序列号"),
  "37S": named(
    "Single item: issuing agency, company, part number, serial number",
    "单件物品：发码机构、企业、零件号、序列号",
  ),
  "42S": named(
    "Single item: length of the serial number, issuing agency, company, serial number",
    "单件物品：序列号长度、发码机构、企业、序列号",
  ),
  T: named("Lot, by the customer's number", "批号（客户编号）"),
  "1T": named("Lot, by the supplier's number", "批号（供应商编号）"),
  V: named("Supplier, by the customer's number", "供应商（客户编号）"),
  "12V": named("Maker, by DUNS number", "制造商（邓白氏编码）"),
  "17V": named("Maker, by CAGE code", "制造商（CAGE 代码）"),
  "18V": named("Party: issuing agency, company", "参与方：发码机构、企业"),
};

/** Most digits before the letter. */
const DIGITS_MAX = 3;
const FIELD = new RegExp(`^([0-9]{0,${DIGITS_MAX}}[A-Z])(.*)$`, "s");
/** Category 8 names persons: employees, patients, drivers. */
const PERSONS = "H";
const DATE = /^([0-9]{4})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$/;

/** Splits a field into its identifier and value; undefined where it begins with none. */
export function splitDataField(text: string): DataField | undefined {
  const [, di, value] = FIELD.exec(text) ?? [];
  return di === undefined || value === undefined ? undefined : { di, value };
}

/** What an identifier says. */
export function dataIdentifierOf(di: string): DataIdentifier {
  if (Object.hasOwn(IDENTIFIERS, di)) return IDENTIFIERS[di]!;
  return named(`Data identifier ${di}`, `数据标识符 ${di}`);
}

/** Whether what stands behind an identifier names a person. */
export function isPersonalIdentifier(di: string): boolean {
  return di.endsWith(PERSONS);
}

/** What a value says behind an identifier, where that is known. */
export function meaningOfData({ isDate }: DataIdentifier, value: string): Words | undefined {
  const [, year, month, day] = (isDate && DATE.exec(value)) || [];
  if (year === undefined) return undefined;
  const text = `${year}-${month}-${day}`;
  return { en: text, zh: text };
}

function named(en: string, zh: string): { readonly name: Words } {
  return { name: { en, zh } };
}

function date(en: string, zh: string): DataIdentifier {
  return { ...named(en, zh), isDate: true };
}
