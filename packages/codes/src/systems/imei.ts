import { DIGITS } from "./characters.ts";
import type { CodingSystem, Part } from "./coding-system.ts";
import { luhnOf } from "./luhn.ts";
import { partOf, reading } from "./part.ts";
import { refuseCheck } from "./refusal.ts";

const TYPE = 8;
const BODY = 14;

/** Number of a mobile device: eight digits of its type, six of the device, and a Luhn check digit. */
export const imei: CodingSystem = {
  id: "imei",
  title: { en: "Mobile device identity (IMEI)", zh: "国际移动设备识别码（IMEI）" },
  standards: [{ name: "3GPP TS 23.003", clause: "6.2.1", basis: "public-source" }],
  form: { lengths: [15, 15], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) => {
    const body = text.slice(0, BODY);
    const check = luhnOf(body);
    const got = text.charAt(BODY);
    if (got !== check) return refuseCheck({ expected: check, got, at: BODY, meant: body + check });
    return reading(text, "right", [...deviceParts(text), partOf("check", "Check digit", "校验位", check)]);
  },
  examples: [{ value: "490154203237518", of: { en: "the example of the standard", zh: "标准中的示例" } }],
  names: "thing",
};

/** The same with the version of the software in the place of the check digit. */
export const imeisv: CodingSystem = {
  id: "imeisv",
  title: {
    en: "Mobile device identity with software version (IMEISV)",
    zh: "带软件版本的移动设备识别码（IMEISV）",
  },
  standards: [{ name: "3GPP TS 23.003", clause: "6.2.2", basis: "public-source" }],
  form: { lengths: [16, 16], characters: DIGITS, case: "upper", separators: " -" },
  parse: (text) =>
    reading(text, "none", [
      ...deviceParts(text),
      partOf("software-version", "Software version", "软件版本", text.slice(BODY)),
    ]),
  examples: [
    { value: "4901542032375101", of: { en: "a device and its first software", zh: "设备及其首个软件版本" } },
  ],
  names: "thing",
};

function deviceParts(text: string): readonly Part[] {
  return [
    partOf("type", "Type of device", "型号核准代码", text.slice(0, TYPE)),
    partOf("serial", "Serial number", "序列号", text.slice(TYPE, BODY)),
  ];
}
