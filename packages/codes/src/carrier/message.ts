import { type Fault, fault } from "../fault.ts";
import { parseElementString } from "../gs1/element-string.ts";
import { refuseForm } from "../systems/refusal.ts";
import type { Carried, CarriedField } from "./carried.ts";
import { faulty, holdsCitizen, valueIn, valuesIn } from "./carry.ts";
import { dataIdentifierOf, isPersonalIdentifier, meaningOfData, splitDataField } from "./data-identifiers.ts";
import { carryElements } from "./from-elements.ts";

/** What a message begins with: the compliance indicator, and the separator of formats behind it. ISO/IEC 15434, 5. */
export const MESSAGE_START = "[)>";
const RECORD = "\x1e";
const GROUP = "\x1d";
const END = "\x04";

/** Most fields of one message. Our choice. */
const FIELDS_MAX = 64;

const ELEMENTS_FORMAT = "05";
const DATA_FORMAT = "06";
const TEXT_FORMAT = "12";
const FREE_FORMAT = "07";

/** A text element identifier: three letters, a space and its value. ATA iSpec 2000, as format 12 takes it. */
const TEXT_ELEMENT = /^([A-Z]{3}) (.*)$/s;

type Part = Pick<Carried, "fields" | "values" | "doubts"> & Pick<Carried, "digitalLink" | "fault">;

/**
 * Reads a message of ISO/IEC 15434: formats 05 (elements of GS1), 06 (data identifiers), 07 (free text) and 12 (text elements) are
 * opened, others named. A message that a scanner cut short at its end is read all the same, and that is said.
 */
export function readMessage(text: string, year?: number): Carried {
  const start = MESSAGE_START + RECORD;
  if (!text.startsWith(start)) {
    const expected = "[)> and the separator RS (U+001E)";
    return faulty("message", refuseForm({ field: "message", expected, got: text, at: 0 }).fault);
  }
  const end = text.endsWith(END) ? text.length - 1 : text.length;
  const body = text.slice(start.length, end);
  const formats = body.split(RECORD).filter((format) => format !== "");
  const parts = formats.map((format) => readFormat(format, year));
  const [firstLink] = parts.flatMap(({ digitalLink }) => digitalLink ?? []);
  const [firstFault] = parts.flatMap(({ fault: found }) => found ?? []);
  const fields = parts.flatMap((part) => part.fields).slice(0, FIELDS_MAX);
  return {
    form: "message",
    fields,
    ...(holdsCitizen(fields.map((field) => field.text ?? "")) && { person: "citizen-number" }),
    values: parts.flatMap(({ values }) => values).slice(0, FIELDS_MAX),
    ...(firstLink !== undefined && { digitalLink: firstLink }),
    doubts: [...endDoubts(body, text), ...parts.flatMap(({ doubts }) => doubts)],
    ...(firstFault !== undefined && { fault: firstFault }),
  };
}

function endDoubts(body: string, text: string): readonly Fault[] {
  const expected = "RS (U+001E) and EOT (U+0004) at the end";
  if (body.endsWith(RECORD) && text.endsWith(END)) return [];
  return [fault({ field: "message", expected, got: text.slice(-2) })];
}

function readFormat(format: string, year?: number): Part {
  const indicator = format.slice(0, 2);
  const data = format.charAt(2) === GROUP ? format.slice(3) : format.slice(2);
  switch (indicator) {
    case ELEMENTS_FORMAT:
      return readElements(data, year);
    case DATA_FORMAT:
      return joined(data.split(GROUP).slice(0, FIELDS_MAX).map(readDataField));
    case TEXT_FORMAT:
      return joined(data.split(GROUP).slice(0, FIELDS_MAX).map(readTextElement));
    case FREE_FORMAT:
      return open(indicator, { en: "Free text", zh: "自由文本" }, data);
    default:
      return open(
        indicator,
        { en: `Format ${indicator}, not opened`, zh: `格式 ${indicator}（未展开）` },
        data,
      );
  }
}

function readElements(data: string, year?: number): Part {
  const read = parseElementString(data, year);
  if (!read.ok) return { fields: [], values: [], doubts: [], fault: read.fault };
  return { ...carryElements(read.value.elements), doubts: read.value.doubts };
}

function readDataField(text: string): Part {
  if (text === "") return { fields: [], values: [], doubts: [] };
  const split = splitDataField(text);
  if (split === undefined) {
    const expected = "a data identifier: up to three digits and a capital letter";
    return { fields: [], values: [], doubts: [fault({ field: "message", expected, got: text })] };
  }
  const { di, value } = split;
  const identifier = dataIdentifierOf(di);
  if (isPersonalIdentifier(di)) {
    return { fields: [{ name: di, label: identifier.name, text: null }], values: [], doubts: [] };
  }
  const meaning = meaningOfData(identifier, value);
  const field = { name: di, label: identifier.name, text: value, ...(meaning !== undefined && { meaning }) };
  const { system } = identifier;
  return {
    fields: [field],
    values: system === undefined ? valuesIn(di, value) : [valueIn(system, di, value)],
    doubts: [],
  };
}

function readTextElement(text: string): Part {
  if (text === "") return { fields: [], values: [], doubts: [] };
  const [, name, value] = TEXT_ELEMENT.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const expected = "three capital letters, a space and a value";
    return { fields: [], values: [], doubts: [fault({ field: "message", expected, got: text })] };
  }
  return open(name, { en: `Text element ${name}`, zh: `文本要素 ${name}` }, value);
}

function open(name: string, label: CarriedField["label"], text: string): Part {
  return { fields: [{ name, label, text }], values: valuesIn(name, text), doubts: [] };
}

function joined(parts: readonly Part[]): Part {
  return {
    fields: parts.flatMap(({ fields }) => fields),
    values: parts.flatMap(({ values }) => values),
    doubts: parts.flatMap(({ doubts }) => doubts),
  };
}
