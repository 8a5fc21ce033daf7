import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalDigitalLink, parseDigitalLink, pathOf, printDigitalLink } from "./digital-link.ts";
import { digitalLinkOf } from "./digital-link-of.ts";
import { links } from "./digital-links.testing.ts";
import { parseElementString, printBracketed } from "./element-string.ts";
import { ADDRESS_CHARACTERS_MAX } from "./web-address.ts";

const elementsOf = (uri: string) => {
  const read = parseDigitalLink(uri);
  if (!read.ok) return read.fault;
  const { key, qualifiers, attributes } = read.value;
  return printBracketed([key, ...qualifiers, ...attributes]);
};

test("a URI says key, qualifiers, attributes and what else is in its query", () => {
  const uri =
    "HTTPS://Shop.Example.com:8443/de/01/09520123456788/10/ABC1/21/1%2F2?17=261200&linkType=gs1:pip&3103=000195&flag#top";
  const read = parseDigitalLink(uri);
  expect(read).toMatchObject({
    ok: true,
    value: {
      stem: "https://shop.example.com:8443/de",
      key: { ai: "01", value: "09520123456788", title: "GTIN" },
      qualifiers: [
        { ai: "10", value: "ABC1" },
        { ai: "21", value: "1/2" },
      ],
      attributes: [
        { ai: "17", meaning: { en: "2026-12-31, the end of the month" } },
        { ai: "3103", meaning: { en: "0.195 kg" } },
      ],
      parameters: [{ name: "linkType", value: "gs1:pip" }, { name: "flag" }],
    },
  });
  if (!read.ok) return;
  expect(pathOf(read.value)).toBe("/01/09520123456788/10/ABC1/21/1%2F2");
  expect(printDigitalLink(read.value)).toBe(
    "https://shop.example.com:8443/de/01/09520123456788/10/ABC1/21/1%2F2?17=261200&3103=000195&linkType=gs1:pip&flag",
  );
  expect(canonicalDigitalLink(read.value)).toBe(
    "https://id.gs1.org/01/09520123456788/10/ABC1/21/1%2F2?17=261200&3103=000195",
  );
  expect(canonicalDigitalLink(read.value, "https://id.example.org/x")).toBe(
    "https://id.example.org/x/01/09520123456788/10/ABC1/21/1%2F2?17=261200&3103=000195",
  );
});

// As the standard gives them, and as the tests of the GS1 Barcode Syntax Engine have them.
test.each([
  ["https://id.gs1.org/01/09520123456788", "(01)09520123456788"],
  ["https://brand.example.com/some-extra/pathinfo/01/9520123456788", "(01)09520123456788"],
  ["https://a/01/416000336108", "(01)00416000336108"],
  ["https://a/01/02345673", "(01)00000002345673"],
  ["https://a/8004/9520614141234567?01=9520123456788", "(8004)9520614141234567(01)09520123456788"],
  ["https://id.gs1.org/01/09520123456788/22/2A", "(01)09520123456788(22)2A"],
  ["https://a/01/12312312312333/22/TEST/10/ABC/21/XYZ", "(01)12312312312333(22)TEST(10)ABC(21)XYZ"],
  ["https://a/01/12312312312333/235/TEST", "(01)12312312312333(235)TEST"],
  ["https://a/01/12312312312333/235/XYZ?10=ABC123", "(01)12312312312333(235)XYZ(10)ABC123"],
  ["https://a/253/1231231231232TEST5678901234567", "(253)1231231231232TEST5678901234567"],
  ["https://a/8018/123456789012345675/8019/123", "(8018)123456789012345675(8019)123"],
  ["http://a/00/faux/00/006141411234567890", "(00)006141411234567890"],
  ["https://a/stem/00/006141411234567890?", "(00)006141411234567890"],
  ["https://a/stem/401/12345678?99=ABC#x", "(401)12345678(99)ABC"],
  ["https://a/01/12312312312333?&&&99=ABC&&&98=XYZ&&&", "(01)12312312312333(99)ABC(98)XYZ"],
  ["https://a/01/12312312312333?single&unknown=666&99=ABC", "(01)12312312312333(99)ABC"],
  ["https://a/01/12312312312333/22/ABC+123?98=XYZ%2f987", "(01)12312312312333(22)ABC+123(98)XYZ/987"],
  ["https://id.gs1.org/414/9520123456788/254/32a%2Fb", "(414)9520123456788(254)32a/b"],
  ["https://id.gs1.org/414/9520123456788/7040/1ABC", "(414)9520123456788(7040)1ABC"],
  ["https://[2001:db8::1]/00/006141411234567890", "(00)006141411234567890"],
  [
    "https://a/00/952012345678912345?02=09520123456788&37=25",
    "(00)952012345678912345(02)09520123456788(37)25",
  ],
  ["https://a/00/106141411234567897?4300=A%2520B", "(00)106141411234567897(4300)A%20B"],
])("%s is %s", (uri, elements) => {
  expect(elementsOf(uri)).toBe(elements);
});

test.each([
  ["", "scheme", 0],
  ["ftp://a/01/09520123456788", "scheme", 0],
  ["http://", "host", 7],
  ["http:///01/09520123456788", "host", 7],
  ["http://user@a/01/09520123456788", "host", 11],
  ["http://a", "path", 8],
  ["http://a/", "path", 8],
  ["http://a/b", "path", 8],
  ["https://a/gtin/12312312312333", "path", 9],
  ["https://a/01/12312312312333<bad", "address", 27],
  ["https://a/01/12312312312333 ", "address", 27],
  ["https://a/01/0952012345678８", "address", 26],
  ["https://a/00/006141411234567890/", "path", 31],
  ["https://a/01//12312312312333", "path", 9],
  ["https://a/01/12312312312334", "(01)", 26],
  ["https://a/01/9520123456789", "(01)", 25],
  ["https://a/01/1231231231233%003", "(01)", 13],
  ["https://a/01/12312312312333/10/A%2", "(10)", 31],
  ["https://a/01/12312312312333/10/%E4", "(10)", 31],
  ["https://a/01/12312312312333/10/", "path", 30],
  ["https://a/01/12312312312333/99/ABC", "path", 28],
  ["https://a/01/12312312312333/21/A/10/B", "path", 33],
  ["https://a/01/12312312312333/235/A/10/B", "path", 34],
  ["https://a/01/12312312312333/89/ABC", "path", 9],
  ["https://a/01/12312312312333?99=", "(99)", 31],
  ["https://a/01/12312312312333?99=ABC&999=faux", "query", 35],
  ["https://a/01/12312312312333?99=ABC&89=X", "query", 35],
  ["https://a/01/12312312312333?10=ABC", "query", 28],
  ["https://a/01/12312312312333?21=ABC", "query", 28],
  ["https://a/01/12312312312333?98=XYZ+987", "(98)", 31],
  ["https://a/01/12312312312333/10/A?01=12312312312333", "query", 33],
  ["https://a/01/12312312312333/10/A?99=X&99=X", "query", 38],
  ["https://a/01/12312312312333?99=ABC%00DEF", "(99)", 31],
  [`https://a/01/12312312312333?${"a&".repeat(65)}`, "query", 156],
  [`https://a/01/12312312312333?${"a".repeat(ADDRESS_CHARACTERS_MAX)}`, "address", undefined],
])("%s is refused for its %s", (uri, field, at) => {
  const read = parseDigitalLink(uri);
  expect(read).toMatchObject({ ok: false, fault: { field } });
  if (!read.ok) expect(read.fault.at).toBe(at);
});

test("elements become a URI under any stem, and the URI the same elements", () => {
  const stems = fc.constantFrom(
    "https://id.gs1.org",
    "http://a.example:8080",
    "https://a.example/00/x/y%20z",
  );
  fc.assert(
    fc.property(links, stems, (list, stem) => {
      const text = printBracketed(list);
      const read = parseElementString(text);
      if (!read.ok) throw new Error(`${text} ${JSON.stringify(read.fault)}`);
      const link = digitalLinkOf(read.value.elements, stem);
      if (!link.ok) throw new Error(`${text} ${JSON.stringify(link.fault)}`);
      const uri = printDigitalLink(link.value);
      expect(parseDigitalLink(uri), uri).toEqual(link);
      expect(elementsOf(uri), uri).toBe(text);
      const canonical = canonicalDigitalLink(link.value);
      const again = parseDigitalLink(canonical);
      expect(again.ok && canonicalDigitalLink(again.value), uri).toBe(canonical);
    }),
    { numRuns: 1_000 },
  );
});

test("whatever comes is answered, and what is taken has one canonical form", () => {
  const nearly = fc
    .tuple(links, fc.nat(), fc.string({ maxLength: 3 }), fc.nat(3))
    .map(([list, at, piece, cut]) => {
      const read = parseElementString(printBracketed(list));
      const link = read.ok ? digitalLinkOf(read.value.elements) : read;
      const uri = link.ok ? printDigitalLink(link.value) : "";
      const from = at % (uri.length + 1);
      return uri.slice(0, from) + piece + uri.slice(from + cut);
    });
  const random = fc.string().map((text) => `https://a/01/${text}`);
  fc.assert(
    fc.property(fc.oneof(nearly, random, fc.string({ unit: "binary" })), (uri) => {
      const read = parseDigitalLink(uri);
      if (read.ok) {
        const canonical = canonicalDigitalLink(read.value);
        const again = parseDigitalLink(canonical);
        expect(again.ok && canonicalDigitalLink(again.value), uri).toBe(canonical);
      } else {
        expect(read.fault.expected).toMatch(/^[ -~]+$/);
        expect(read.fault.at ?? 0, uri).toBeLessThanOrEqual(uri.length);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("a parameter without a value is refused where it would stand", () => {
  const uri = "https://id.gs1.org/417/0000000000000?15=000606&7257";
  expect(parseDigitalLink(uri)).toMatchObject({ ok: false, fault: { field: "(7257)", at: uri.length } });
});

test("elements without a key, or with what has no place beside it, are no URI", () => {
  const link = (text: string) => {
    const read = parseElementString(text);
    return read.ok ? digitalLinkOf(read.value.elements) : read;
  };
  expect(link("(99)XYZ789")).toMatchObject({ ok: false, fault: { field: "elements" } });
  expect(link("(01)12312312312326(235)TPX(22)ABC")).toMatchObject({ ok: false, fault: { field: "(235)" } });
  expect(link("(01)12312312312326(8200)http:")).toMatchObject({ ok: false, fault: { field: "(8200)" } });
  expect(link("(21)XYZ(01)12312312312333(10)ABC+123(99)X+Y")).toMatchObject({ ok: true });
});
