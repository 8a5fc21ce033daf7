import { eui48 } from "@cityroot/codes/systems/eui";
import { ipv6 } from "@cityroot/codes/systems/ipv6";
import { parseValue } from "@cityroot/codes/systems/parse-value";
import { readValue } from "@cityroot/codes/systems/read-value";
import { uuid } from "@cityroot/codes/systems/uuid";
import fc from "fast-check";
import ipaddr from "ipaddr.js";
import validator from "validator";
import { expect, test } from "vitest";

/** Goal: addresses of networks and unique identifiers are taken and written as implementations of others do. */
test("IPv6 addresses", () => {
  const group = fc.oneof(fc.constant("0"), fc.stringMatching(/^[0-9a-f]{1,4}$/));
  const groups = fc.array(group, { minLength: 0, maxLength: 9 });
  const texts = fc
    .tuple(groups, groups, fc.constantFrom("", "::", ":"), fc.option(fc.ipV4(), { nil: "" }))
    .map(([front, back, middle, tail]) => {
      const end = [...back, ...(tail === "" ? [] : [tail])].join(":");
      return front.join(":") + middle + end;
    });
  let taken = 0;
  fc.assert(
    fc.property(fc.oneof(fc.ipV6(), texts), (text) => {
      // The other one takes IPv4 addresses alone, and all of ::d.d.d.d for ::ffff:d.d.d.d, which RFC 4291 2.5.5.1 tells apart.
      // Numbers that begin with a zero are octal to it, and none to RFC 6943 3.1.1.
      if (/^::[0-9.]+$/.test(text) || /[:.]0[0-9]+($|\.)/.test(text)) return;
      const isTheirs = /^[0-9a-f:.]+$/.test(text) && text.includes(":") && ipaddr.IPv6.isValid(text);
      const read = parseValue(ipv6, text);
      expect(read.ok, text).toBe(isTheirs);
      if (!read.ok) return;
      taken += 1;
      expect(ipaddr.IPv6.parse(read.value.canonical).toRFC5952String(), text).toBe(
        ipaddr.IPv6.parse(text).toRFC5952String(),
      );
      if (!read.value.canonical.includes("."))
        expect(read.value.canonical).toBe(ipaddr.IPv6.parse(text).toRFC5952String());
    }),
    { numRuns: 3_000 },
  );
  expect(taken).toBeGreaterThan(500);
});

test("addresses of network interfaces", () => {
  const octets = fc.array(fc.stringMatching(/^[0-9a-fA-F]{2}$/), { minLength: 5, maxLength: 7 });
  fc.assert(
    fc.property(octets, fc.constantFrom(":", "-", ""), (parts, separator) => {
      const text = parts.join(separator);
      const options = separator === "" ? { no_separators: true } : {};
      expect(readValue(eui48, text).ok, text).toBe(validator.isMACAddress(text, options));
    }),
  );
});

test("unique identifiers", () => {
  const changed = fc
    .tuple(fc.uuid(), fc.nat(35), fc.constantFrom(..."0123456789abcdefg-"))
    .map(([text, at, character]) => text.slice(0, at) + character + text.slice(at + 1));
  fc.assert(
    fc.property(fc.oneof(fc.uuid(), changed), (text) => {
      expect(parseValue(uuid, text).ok, text).toBe(validator.isUUID(text, "loose"));
    }),
    { numRuns: 1_000 },
  );
});
