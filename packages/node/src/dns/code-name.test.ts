import { isCode } from "@cityroot/codes/ma/code";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { labelsOfCode, textOfLabels } from "./code-name.ts";
import { bytesOfName, labelsBefore, parseDnsName } from "./dns-name.ts";
import { codeOfArcs, nameOfOid, parseOid } from "./oid-name.ts";

const node = fc.stringMatching(/^[0-9A-Za-z_-]{1,20}$/);
const serial = fc
  .tuple(fc.stringMatching(/^[0-9]{4}$/), fc.array(node, { minLength: 1, maxLength: 3 }))
  .map(([region, custom]) => `MA.156.${region}.01/60.10000000.1/${custom.join(".")}`)
  .filter(isCode);

describe("names of codes", () => {
  test.each([
    ["MA.156.1301", "1301.156.ma"],
    ["MA.156.1301.02/60.10000000.1/000123", "000123._.1.10000000.60._.02.1301.156.ma"],
    ["MA.156.M0.100350.0Ab_c-d", "0_ab__c-d.100350._m0.156.ma"],
  ])("%s is %s", (code, name) => {
    expect(labelsOfCode(code)?.join(".")).toBe(name);
    expect(textOfLabels(name.split("."))).toEqual({ text: code, isPart: false });
  });

  test("come back, whatever the case in which names are asked for", () => {
    fc.assert(
      fc.property(serial, (code) => {
        const labels = labelsOfCode(code);
        if (labels === undefined) return;
        const folded = labels.map((label) => label.toUpperCase().toLowerCase());
        expect(textOfLabels(folded)).toEqual({ text: code, isPart: false });
      }),
    );
  });

  test("of two codes differ", () => {
    fc.assert(
      fc.property(serial, serial, (a, b) => {
        if (a !== b && labelsOfCode(a) !== undefined)
          expect(labelsOfCode(a)?.join(".")).not.toBe(labelsOfCode(b)?.join("."));
      }),
    );
  });

  test("are none where a node does not fit into a label", () => {
    expect(labelsOfCode(`MA.156.1301/60.10000000.1/${"A".repeat(31)}`)).toBeDefined();
    expect(labelsOfCode(`MA.156.1301/60.10000000.1/${"A".repeat(32)}`)).toBeUndefined();
    expect(labelsOfCode("MB.156")).toBeUndefined();
  });

  test.each(["156.xx", "", "_._.156.ma", "a b.156.ma", "_1.156.ma", "é.156.ma", "a_.156.ma"])(
    "%j is none",
    (name) => {
      expect(textOfLabels(name.split("."))).toBeUndefined();
    },
  );

  test("lead between codes, too", () => {
    expect(textOfLabels(["_", "1301", "156", "ma"])).toEqual({ text: "MA.156.1301", isPart: true });
    expect(textOfLabels(["ma"])).toEqual({ text: "MA", isPart: false });
  });
});

describe("names of object identifiers", () => {
  test("are their arcs, last first", () => {
    expect(nameOfOid(parseOid("1.2.156.1301")!, ["oid-res", "org"]).join(".")).toBe(
      "1301.156.2.1.oid-res.org",
    );
    expect(["3.1", "1.40", "1.02", "a", "", "1..2"].map(parseOid)).toEqual(Array(6).fill(undefined));
    expect(parseOid("2.999")).toEqual(["2", "999"]);
  });

  test("lead on below by nodes that are numbers", () => {
    const prefix = "MA.156" as Parameters<typeof codeOfArcs>[0];
    expect(codeOfArcs(prefix, [])).toBe(prefix);
    expect(codeOfArcs(prefix, ["ors-dummy"])).toBe(prefix);
    expect(codeOfArcs(prefix, ["ors-dummy", "7", "1301"])).toBe("MA.156.1301.7");
    expect(codeOfArcs(prefix, ["07", "1301"])).toBeUndefined();
    expect(codeOfArcs(prefix, ["1301", "ors-dummy"])).toBeUndefined();
  });
});

test("names are labels of letters, digits, - and _, within bounds", () => {
  expect(parseDnsName("ID.Example.cn.")).toEqual(["id", "example", "cn"]);
  expect(["", ".", "a..b", "-a.b", "a b", "é.cn", "a".repeat(64)].map(parseDnsName)).toEqual(
    Array(7).fill(undefined),
  );
  expect(parseDnsName(Array(127).fill("a").join("."))).toHaveLength(127);
  expect(parseDnsName(Array(128).fill("a").join("."))).toBeUndefined();
  expect(bytesOfName(["id", "cn"])).toBe(7);
  expect(labelsBefore(["a", "id", "cn"], ["id", "cn"])).toEqual(["a"]);
  expect(labelsBefore(["cn"], ["id", "cn"])).toBeUndefined();
});
