import { timeTextOf } from "../time-text.ts";
import type { CodingSystem, Part, Words } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseForm } from "./refusal.ts";

const FORM = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const VERSION_AT = 14;
const VARIANT_AT = 19;
/** 100-nanosecond steps from 1582-10-15 to 1970-01-01. RFC 9562 5.1. */
const GREGORIAN_STEPS = 0x01b21dd213814000n;
const STEPS_PER_MS = 10_000n;
/** The last moment that is written, in milliseconds: the year 275760, as in ECMAScript. */
const MS_MAX = 8_640_000_000_000_000n;

/** How a UUID of each version came about. RFC 9562 4.2. */
const VERSIONS: ReadonlyMap<string, Words> = new Map([
  ["1", { en: "1: from time and node", zh: "版本1：由时间和节点生成" }],
  ["2", { en: "2: for DCE security", zh: "版本2：用于DCE安全" }],
  ["3", { en: "3: from a name, by MD5", zh: "版本3：由名称经MD5生成" }],
  ["4", { en: "4: at random", zh: "版本4：随机生成" }],
  ["5", { en: "5: from a name, by SHA-1", zh: "版本5：由名称经SHA-1生成" }],
  ["6", { en: "6: from time and node, in order of time", zh: "版本6：由时间和节点生成，按时间排序" }],
  ["7", { en: "7: from time, in order of it", zh: "版本7：由时间生成，按时间排序" }],
  ["8", { en: "8: in a way of its maker", zh: "版本8：由发放者自定" }],
]);

/** Universally unique identifier: 32 hexadecimal digits in five groups, canonical in lower case. */
export const uuid: CodingSystem = {
  id: "uuid",
  title: { en: "Universally unique identifier (UUID)", zh: "通用唯一识别码（UUID）" },
  standards: [{ name: "RFC 9562", basis: "standard" }],
  form: { lengths: [36, 36], characters: "0123456789abcdef-", needs: "-", case: "lower", separators: "" },
  parse: (text) =>
    FORM.test(text)
      ? reading(text, "none", uuidParts(text))
      : refuseForm({ expected: "8, 4, 4, 4 and 12 hexadecimal digits with hyphens between", got: text }),
  examples: [
    {
      value: "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
      of: { en: "the example of RFC 4122", zh: "RFC 4122中的示例" },
    },
  ],
  names: "thing",
};

function uuidParts(text: string): readonly Part[] {
  // Other variants have no versions; nor have those of zeros or of ones alone.
  if (!"89ab".includes(text.charAt(VARIANT_AT))) return [partOf("number", "Number", "编号", text)];
  const version = text.charAt(VERSION_AT);
  const part = partOf("version", "Version", "版本", version, VERSIONS.get(version));
  const ms = timeMsOf(version, text.replaceAll("-", ""));
  if (ms === undefined) return [part];
  const time = timeTextOf(ms);
  return [part, partOf("time", "Time", "时间", timeGroupsOf(version, text), { en: time, zh: time })];
}

/** The characters of the time up to the end of its last group. */
function timeGroupsOf(version: string, text: string): string {
  return text.slice(0, version === "7" ? 13 : 18);
}

/** Milliseconds since 1970-01-01T00:00Z that a UUID says it was made at. RFC 9562 5.1, 5.6, 5.7. */
function timeMsOf(version: string, digits: string): number | undefined {
  const [low, middle, high] = [digits.slice(0, 8), digits.slice(8, 12), digits.slice(13, 16)];
  if (version === "7") return inRange(BigInt(`0x${low}${middle}`));
  if (version === "1") return inRange(fromGregorian(BigInt(`0x${high}${middle}${low}`)));
  if (version === "6") return inRange(fromGregorian(BigInt(`0x${low}${middle}${high}`)));
  return undefined;
}

function fromGregorian(steps: bigint): bigint {
  return (steps - GREGORIAN_STEPS) / STEPS_PER_MS;
}

function inRange(ms: bigint): number | undefined {
  return ms <= MS_MAX && ms >= -MS_MAX ? Number(ms) : undefined;
}
