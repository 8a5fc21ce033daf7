import { DIGITS } from "./characters.ts";
import type { CodingSystem, Part, SystemParsed, Words } from "./coding-system.ts";
import { PROVINCES } from "./provinces.ts";
import { refuseForm, refuseValue } from "./refusal.ts";

/** Letters of the authority and of the serial. I and O look like digits; old plates of the police have O. */
const AUTHORITIES = "ABCDEFGHJKLMNOPQRSTUVWXYZ";
const SERIALS = `${DIGITS}ABCDEFGHJKLMNPQRSTUVWXYZ`;
const EMBASSY = "使";

/** The character in place of the last of the serial. */
const MARKS: Readonly<Record<string, Words>> = {
  学: { en: "driving school", zh: "教练汽车" },
  警: { en: "police", zh: "警用汽车" },
  挂: { en: "trailer", zh: "挂车" },
  领: { en: "consulate", zh: "领馆汽车" },
  港: { en: "of Hong Kong, crossing the border", zh: "香港入出境车" },
  澳: { en: "of Macao, crossing the border", zh: "澳门入出境车" },
};

const ELECTRIC: Words = { en: "purely electric", zh: "纯电动" };
const OTHER_ENERGY: Words = { en: "new energy, not purely electric", zh: "非纯电动新能源" };
const ELECTRIC_LETTERS = "DABCE";
const OTHER_ENERGY_LETTERS = "FGHJK";

const DIVISION_BY_PLATE = new Map([...PROVINCES].map(([code, { plate }]) => [plate, `${code}0000`]));

/**
 * Licence plate of a motor vehicle: province, letter of the authority, serial of five. New energy has six: of small
 * vehicles a letter for the drive, a letter or digit and four digits; of large ones five digits and the letter. Schools,
 * police, trailers, consulates and vehicles of Hong Kong and Macao (under 粤Z) end in a mark instead. Embassies have 使
 * before or after six digits, by the series. Canonical here: without the dot. Plates of the forces, of rescue and
 * temporary ones are not read.
 */
export const licencePlate: CodingSystem = {
  id: "licence-plate",
  title: { en: "Licence plate", zh: "机动车号牌号码" },
  standards: [{ name: "GA 36-2018", basis: "public-source" }],
  form: { lengths: [7, 8], characters: "any", case: "upper", separators: " -·•・‧." },
  parse: (text) => {
    if (text.startsWith(EMBASSY) || text.endsWith(EMBASSY)) return readEmbassy(text);
    const division = DIVISION_BY_PLATE.get(text.charAt(0));
    if (division === undefined) {
      return refuseForm({ field: "province", expected: "the character of a province", got: text, at: 0 });
    }
    if (!AUTHORITIES.includes(text.charAt(1))) {
      return refuseForm({ field: "authority", expected: "a letter but I", got: text, at: 1 });
    }
    const head = headOf(text, division);
    return text.length === 8 ? readNewEnergy(text, head) : readSerial(text, head);
  },
  examples: [
    { value: "京A12345", of: { en: "the plate that explanations show", zh: "通行说明中的示例" } },
    {
      value: "京AD12345",
      of: { en: "a small electric car, as explanations show", zh: "通行说明中的小型电动汽车示例" },
    },
    {
      value: "粤Z1234港",
      of: { en: "a car of Hong Kong, as explanations show", zh: "通行说明中的香港入出境车示例" },
    },
  ],
  names: "thing",
};

function headOf(text: string, division: string): readonly Part[] {
  const { en, zh } = PROVINCES.get(division.slice(0, 2))!;
  return [
    {
      name: "province",
      label: { en: "Province", zh: "省份简称" },
      text: text.charAt(0),
      meaning: { en, zh },
      refersTo: { system: "gbt2260", value: division },
    },
    { name: "authority", label: { en: "Issuing authority", zh: "发牌机关代号" }, text: text.charAt(1) },
  ];
}

function readEmbassy(text: string): SystemParsed {
  const isBefore = text.startsWith(EMBASSY);
  const number = isBefore ? text.slice(1) : text.slice(0, -1);
  const at = faultAt(number, DIGITS);
  if (number.length !== 6 || at >= 0) {
    return refuseForm({ field: "serial", expected: "six digits", got: number, at: isBefore ? 1 : 0 });
  }
  const parts: Part[] = [
    { name: "country", label: { en: "Country", zh: "国家代号" }, text: number.slice(0, 3) },
    serialPart(number.slice(3)),
    markPart(EMBASSY, { en: "embassy", zh: "使馆汽车" }),
  ];
  return { ok: true, value: { canonical: text, check: "none", parts } };
}

function readSerial(text: string, head: readonly Part[]): SystemParsed {
  const mark = MARKS[text.charAt(6)];
  const serial = text.slice(2, mark === undefined ? 7 : 6);
  const at = faultAt(serial, SERIALS);
  if (at >= 0) {
    const expected = "digits and capital letters but I and O, or a mark at the end";
    return refuseForm({ field: "serial", expected, got: serial, at: 2 + at });
  }
  if (mark === undefined) {
    return { ok: true, value: { canonical: text, check: "none", parts: [...head, serialPart(serial)] } };
  }
  const isBorder = text.endsWith("港") || text.endsWith("澳");
  if (isBorder && !text.startsWith("粤Z")) {
    const expected = "the plates of Guangdong under Z";
    return refuseValue("authority", { expected, got: text, at: text.startsWith("粤") ? 1 : 0 });
  }
  const parts = [...head, serialPart(serial), markPart(text.charAt(6), mark)];
  return { ok: true, value: { canonical: text, check: "none", parts } };
}

function readNewEnergy(text: string, head: readonly Part[]): SystemParsed {
  const serial = text.slice(2);
  const isSmall = energyOf(serial.charAt(0)) !== undefined;
  const letter = serial.charAt(isSmall ? 0 : 5);
  const meaning = energyOf(letter);
  const isSerial = isSmall
    ? SERIALS.includes(serial.charAt(1)) && faultAt(serial.slice(2), DIGITS) < 0
    : faultAt(serial.slice(0, 5), DIGITS) < 0;
  if (meaning === undefined || !isSerial) {
    const letters = ELECTRIC_LETTERS + OTHER_ENERGY_LETTERS;
    const expected = `one of ${letters}, a letter or digit and four digits, or five digits and one of ${letters}`;
    return refuseForm({ field: "serial", expected, got: serial, at: 2 });
  }
  const label = { en: "Drive", zh: "动力类型" };
  const parts = [...head, serialPart(serial), { name: "drive", label, text: letter, meaning }];
  return { ok: true, value: { canonical: text, check: "none", parts } };
}

function energyOf(letter: string): Words | undefined {
  if (letter === "") return undefined;
  if (ELECTRIC_LETTERS.includes(letter)) return ELECTRIC;
  return OTHER_ENERGY_LETTERS.includes(letter) ? OTHER_ENERGY : undefined;
}

function serialPart(text: string): Part {
  return { name: "serial", label: { en: "Serial", zh: "序号" }, text };
}

function markPart(text: string, meaning: Words): Part {
  return { name: "mark", label: { en: "Mark", zh: "专用号牌简称" }, text, meaning };
}

/** The index of the first character that is none of those allowed, or -1. */
function faultAt(text: string, allowed: string): number {
  for (let at = 0; at < text.length; at++) if (!allowed.includes(text.charAt(at))) return at;
  return -1;
}
