import type { CodingSystem, Words } from "./coding-system.ts";
import { partOf, reading } from "./part.ts";
import { refuseForm } from "./refusal.ts";

const GROUPS = 8;
const EXPECTED = "eight groups of 1 to 4 hexadecimal digits, :: at most once in place of zeros";

type Groups = readonly number[];

/** What addresses with these first bits are for, the narrower first. IANA IPv6 special-purpose registry, RFC 6890. */
const KINDS: readonly (readonly [prefix: Groups, bits: number, kind: Words])[] = [
  [[0, 0, 0, 0, 0, 0, 0, 0], 128, { en: "none yet", zh: "未指定地址" }],
  [[0, 0, 0, 0, 0, 0, 0, 1], 128, { en: "the machine itself", zh: "环回地址" }],
  [[0, 0, 0, 0, 0, 0xffff], 96, { en: "an IPv4 address", zh: "IPv4映射地址" }],
  [[0x2001, 0xdb8], 32, { en: "for documents", zh: "文档用地址" }],
  [[0xfc00], 7, { en: "of a private network", zh: "唯一本地地址" }],
  [[0xfe80], 10, { en: "of one link", zh: "链路本地地址" }],
  [[0xff00], 8, { en: "of a group", zh: "组播地址" }],
  [[0x2000], 3, { en: "public", zh: "全球单播地址" }],
];

/** Address of the Internet protocol, version 6. Canonical as RFC 5952 says: lower case, the longest zeros as `::`. */
export const ipv6: CodingSystem = {
  id: "ipv6",
  title: { en: "IPv6 address", zh: "IPv6地址" },
  standards: [
    { name: "RFC 4291", clause: "2.2", basis: "standard" },
    { name: "RFC 5952", basis: "standard" },
  ],
  form: { lengths: [2, 45], characters: "0123456789abcdef:.", needs: ":", case: "lower", separators: "" },
  parse: (text) => {
    const groups = groupsOf(text);
    if (groups === undefined) return refuseForm({ expected: EXPECTED, got: text });
    const canonical = printGroups(groups);
    return reading(canonical, "none", [partOf("address", "Address", "地址", canonical, kindOf(groups))]);
  },
  examples: [{ value: "2001:db8::1", of: { en: "an address for documents", zh: "文档用地址" } }],
  names: "thing",
};

function groupsOf(text: string): Groups | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [before, after] = halves.map((half, at) => groupsIn(half, at === halves.length - 1));
  if (before === undefined || (halves.length === 2 && after === undefined)) return undefined;
  if (halves.length === 1) return before.length === GROUPS ? before : undefined;
  const zeros = GROUPS - before.length - after!.length;
  return zeros < 1 ? undefined : [...before, ...new Array<number>(zeros).fill(0), ...after!];
}

/** The groups of a text without `::`; only the last one may be an IPv4 address, which counts as two. */
function groupsIn(text: string, isLast: boolean): Groups | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const texts = text.split(":");
  if (texts.length > GROUPS) return undefined;
  for (const [at, group] of texts.entries()) {
    if (/^[0-9a-f]{1,4}$/.test(group)) groups.push(Number.parseInt(group, 16));
    else {
      const ipv4 = isLast && at === texts.length - 1 ? ipv4GroupsOf(group) : undefined;
      if (ipv4 === undefined) return undefined;
      groups.push(...ipv4);
    }
  }
  return groups;
}

function ipv4GroupsOf(text: string): Groups | undefined {
  if (!/^(?:0|[1-9][0-9]{0,2})(?:\.(?:0|[1-9][0-9]{0,2})){3}$/.test(text)) return undefined;
  const [a, b, c, d] = text.split(".").map(Number) as [number, number, number, number];
  return Math.max(a, b, c, d) > 255 ? undefined : [a * 256 + b, c * 256 + d];
}

/** RFC 5952 4 and 5: an IPv4 address that is mapped is written as one. */
function printGroups(groups: Groups): string {
  if (isWithin(groups, [0, 0, 0, 0, 0, 0xffff], 96)) {
    const bytes = groups.slice(6).flatMap((group) => [group >> 8, group & 255]);
    return `::ffff:${bytes.join(".")}`;
  }
  const { from, length } = longestZeros(groups);
  const print = (part: Groups): string => part.map((group) => group.toString(16)).join(":");
  if (length < 2) return print(groups);
  return `${print(groups.slice(0, from))}::${print(groups.slice(from + length))}`;
}

/** The first of the longest runs of zeros. */
function longestZeros(groups: Groups): { readonly from: number; readonly length: number } {
  let longest = { from: 0, length: 0 };
  for (let from = 0; from < GROUPS; from++) {
    let length = 0;
    while (groups[from + length] === 0) length++;
    if (length > longest.length) longest = { from, length };
  }
  return longest;
}

function kindOf(groups: Groups): Words | undefined {
  return KINDS.find(([prefix, bits]) => isWithin(groups, prefix, bits))?.[2];
}

function isWithin(groups: Groups, prefix: Groups, bits: number): boolean {
  for (let at = 0; at * 16 < bits; at++) {
    const unused = Math.max(0, 16 * (at + 1) - bits);
    if (groups[at]! >> unused !== (prefix[at] ?? 0) >> unused) return false;
  }
  return true;
}
