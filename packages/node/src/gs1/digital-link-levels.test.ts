import { parseDigitalLink } from "@cityroot/codes/gs1/digital-link";
import { expect, test } from "vitest";
import { levelsOf } from "./digital-link-levels.ts";

const levels = (path: string) => {
  const read = parseDigitalLink(`https://id.example.cn${path}`);
  if (!read.ok) throw new Error(JSON.stringify(read.fault));
  return levelsOf(read.value).map(({ path: own, names }) => [
    own,
    ...names.map(({ system, value }) => `${system} ${value}`),
  ]);
};
const URI = "gs1-digital-link https://id.gs1.org";
const ITEM = "/01/09521234543213";
const GTIN = [ITEM, "gtin-14 09521234543213", "gtin-13 9521234543213"];

test("a key alone is what its coding system calls it, a trade item under each length that it has", () => {
  expect(levels(ITEM)).toEqual([GTIN]);
  expect(levels("/01/00000095200002")).toEqual([
    [
      "/01/00000095200002",
      "gtin-14 00000095200002",
      "gtin-13 0000095200002",
      "gtin-12 000095200002",
      "gtin-8 95200002",
    ],
  ]);
  expect(levels("/00/095201234567891235")).toEqual([["/00/095201234567891235", "sscc 095201234567891235"]]);
  expect(levels("/414/9521321000018")).toEqual([["/414/9521321000018", "gln 9521321000018"]]);
  expect(levels("/8003/09521141111116SER1")).toEqual([
    ["/8003/09521141111116SER1", "grai 09521141111116SER1"],
  ]);
  expect(levels("/8004/95212345678AB")).toEqual([["/8004/95212345678AB", "giai 95212345678AB"]]);
});

test("what no system has a name for is called by its canonical URI", () => {
  expect(levels("/253/9521234567899ABC")).toEqual([["/253/9521234567899ABC", `${URI}/253/9521234567899ABC`]]);
  expect(levels(`${ITEM}/10/A%2FB`)[0]).toEqual([`${ITEM}/10/A%2FB`, `${URI}${ITEM}/10/A%2FB`]);
});

test("a serial is one of its key, whatever lot it is said to be of; then come lot, variant and kind", () => {
  const sgtin = "sgtin (01)09521234543213(21)7";
  expect(levels(`${ITEM}/21/7`)).toEqual([[`${ITEM}/21/7`, sgtin], GTIN]);
  const found = levels(`${ITEM}/22/V/10/L/21/7`);
  // All that names the single thing, as one thing: what is claimed under two of its names is held against each other.
  expect(found[0]).toEqual([
    `${ITEM}/22/V/10/L/21/7`,
    `${URI}${ITEM}/22/V/10/L/21/7`,
    `${URI}${ITEM}/10/L/21/7`,
    `${URI}${ITEM}/22/V/21/7`,
    sgtin,
  ]);
  expect(found.slice(1).map(([path]) => path)).toEqual([
    `${ITEM}/22/V/10/L`,
    `${ITEM}/10/L`,
    `${ITEM}/22/V`,
    ITEM,
  ]);
});

test("the place within a place is finer than the place", () => {
  expect(levels("/414/9521321000018/254/GATE")).toEqual([
    ["/414/9521321000018/254/GATE", `${URI}/414/9521321000018/254/GATE`],
    ["/414/9521321000018", "gln 9521321000018"],
  ]);
});
