import type { Words } from "../systems/coding-system.ts";
import { luhnOf } from "../systems/luhn.ts";
import { refuseForm } from "../systems/refusal.ts";
import type { Carried } from "./carried.ts";
import { faulty, valueIn } from "./carry.ts";
import { decodeText } from "./decode-text.ts";
import { EPC_LEAD, readEpc } from "./epc.ts";

/** A beginning that names the system of what follows, in lower case. */
type Lead = {
  readonly lead: string;
  readonly label: Words;
  readonly system: string;
  /** Brings what follows into the form of the system; undefined where it cannot be. */
  readonly read?: (text: string) => string | undefined;
};

const OID: Words = { en: "Object identifier", zh: "对象标识符" };
const DOI: Words = { en: "Digital object identifier", zh: "数字对象唯一标识符" };
const HANDLE: Words = { en: "Handle", zh: "Handle标识" };
const UUID: Words = { en: "Universally unique identifier", zh: "通用唯一识别码" };

/** RFC 3061, 9562, 7254, 9039; ISO 26324 and RFC 3651 with the registered `info` namespaces of RFC 4452. */
const LEADS: readonly Lead[] = [
  { lead: "urn:oid:", label: OID, system: "oid" },
  { lead: "oid:", label: OID, system: "oid" },
  { lead: "urn:uuid:", label: UUID, system: "uuid" },
  { lead: "doi:", label: DOI, system: "doi" },
  { lead: "info:doi/", label: DOI, system: "doi", read: decodeText },
  { lead: "urn:doi:", label: DOI, system: "doi", read: decodeText },
  { lead: "hdl:", label: HANDLE, system: "handle" },
  { lead: "info:hdl/", label: HANDLE, system: "handle", read: decodeText },
  {
    lead: "urn:gsma:imei:",
    label: { en: "Mobile telephone", zh: "移动电话设备" },
    system: "imei",
    read: imeiOf,
  },
  {
    lead: "urn:dev:mac:",
    label: { en: "Network address of a device", zh: "设备网络地址（MAC）" },
    system: "eui-64",
  },
];

/** Whether a text begins like a URI that is read here. */
export function looksLikeUri(text: string): boolean {
  return /^(?:urn:|oid:|doi:|hdl:|info:)/i.test(text);
}

/** Reads a URN, or a name behind the scheme of its system; undefined where it begins with none that is known. */
export function readUri(text: string): Carried | undefined {
  const lower = text.toLowerCase();
  if (lower.startsWith(EPC_LEAD)) return readEpc(text.slice(EPC_LEAD.length));
  const found = LEADS.find(({ lead }) => lower.startsWith(lead));
  if (found === undefined) return undefined;
  const { lead, label, system, read } = found;
  const given = text.slice(lead.length).trim();
  const name = lead.slice(0, -1);
  const value = read === undefined ? given : read(given);
  if (value === undefined) {
    const expected = `what follows ${lead} as its standard writes it`;
    return faulty("uri", refuseForm({ field: name, expected, got: given, at: lead.length }).fault);
  }
  const fields = [{ name, label, text: given }];
  return { form: "uri", fields, values: [valueIn(system, name, value)], doubts: [] };
}

/** Eight digits of the type, six of the serial and a spare 0: the check digit is worked out. RFC 7254, 4.2. */
function imeiOf(text: string): string | undefined {
  const [, type, serial] = /^([0-9]{8})-([0-9]{6})-[0-9](?:;.*)?$/.exec(text) ?? [];
  if (type === undefined || serial === undefined) return undefined;
  return type + serial + luhnOf(type + serial);
}
