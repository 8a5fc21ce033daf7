import { isIPv6 } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { ipv6 } from "./ipv6.ts";
import { readValue } from "./read-value.ts";
import { testSystem } from "./system.testing.ts";

const group = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(0xffff));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });
const canonicalOf = (text: string): string => {
  const read = readValue(ipv6, text);
  if (!read.ok) throw new Error(text);
  return read.value.canonical;
};

testSystem(ipv6, {
  values: groups.map((all) => canonicalOf(all.map((one) => one.toString(16)).join(":"))),
  // RFC 5952 section 4 and 5.
  written: [
    ["2001:0db8::0001", "2001:db8::1"],
    ["2001:db8:0:0:0:0:2:1", "2001:db8::2:1"],
    ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"],
    ["2001:0:0:1:0:0:0:1", "2001:0:0:1::1"],
    ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"],
    ["2001:DB8::1", "2001:db8::1"],
    ["::ffff:c000:201", "::ffff:192.0.2.1"],
    ["::ffff:192.0.2.1", "::ffff:192.0.2.1"],
  ],
  refused: [
    { text: "1::2::3", kind: "form" },
    { text: "1:2:3:4:5:6:7", kind: "form" },
    { text: "1:2:3:4:5:6:7:8:9", kind: "form" },
    { text: "1:2:3:4:5:6:7:8::", kind: "form" },
    { text: "12345::", kind: "form" },
    { text: "::192.0.2.256", kind: "form" },
    { text: "192.0.2.1::", kind: "form" },
    { text: "192.0.2.1", kind: "form" },
  ],
  noticesEveryCharacter: false,
  noticesSwaps: false,
});

test("what is taken is what another implementation takes, and means the same to it", () => {
  const text = fc.stringMatching(/^[0-9a-f:.]{2,40}$/);
  const made = fc.tuple(groups, fc.nat(8), fc.nat(8)).map(([all, from, count]) => {
    const texts = all.map((one) => one.toString(16));
    return `${texts.slice(0, from).join(":")}::${texts.slice(from + count).join(":")}`;
  });
  fc.assert(
    fc.property(fc.oneof(text, made), (value) => {
      const read = readValue(ipv6, value);
      expect(read.ok, value).toBe(isIPv6(value));
      if (!read.ok) return;
      const host = new URL(`http://[${value}]/`).hostname;
      expect(new URL(`http://[${read.value.canonical}]/`).hostname).toBe(host);
      if (!read.value.canonical.includes(".")) expect(`[${read.value.canonical}]`).toBe(host);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ["::", "none yet"],
  ["::1", "the machine itself"],
  ["fd00::1", "of a private network"],
  ["fe80::1", "of one link"],
  ["ff02::1", "of a group"],
  ["2606:4700::1111", "public"],
])("%s is %s", (value, kind) => {
  expect(readValue(ipv6, value)).toMatchObject({ value: { parts: [{ meaning: { en: kind } }] } });
});
