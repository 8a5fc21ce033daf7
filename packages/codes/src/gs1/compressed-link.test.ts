import fc from "fast-check";
import { expect, test } from "vitest";
import { APPLICATION_IDENTIFIERS } from "./application-identifiers.ts";
import { SEQUENCES } from "./compressed-format.ts";
import { compressDigitalLink, decompressDigitalLink } from "./compressed-link.ts";
import { canonicalDigitalLink, parseDigitalLink, printDigitalLink } from "./digital-link.ts";
import { digitalLinkOf } from "./digital-link-of.ts";
import { links } from "./digital-links.testing.ts";
import { parseElementString, printBracketed } from "./element-string.ts";
import { ADDRESS_CHARACTERS_MAX } from "./web-address.ts";

const linkOf = (elements: string) => {
  const read = parseElementString(elements);
  const link = read.ok ? digitalLinkOf(read.value.elements) : read;
  if (!link.ok) throw new Error(`${elements} ${JSON.stringify(link.fault)}`);
  return link.value;
};
const canonicalOf = (uri: string) => {
  const read = decompressDigitalLink(uri);
  return read.ok ? canonicalDigitalLink(read.value) : read.fault;
};

// Made with the toolkit that GS1 published with the standard, version of 29 February 2024.
test.each([
  ["(01)09521234543213", "ARFRq5sE2g"],
  ["(01)09521234543213(21)12345", "DBFRq5sE2gowOQ"],
  ["(01)09521234543213(21)abcdef", "DBFRq5sE2k1Xm94"],
  ["(01)09521234543213(21)ABCDEF", "DBFRq5sE2o1Xm94"],
  ["(01)09521234543213(10)AB-xy_9", "CxFRq5sE2s4AP2OX_o"],
  ["(01)09521234543213(10)A/B+C%", "CxFRq5sE2w0FfCVw0o"],
  ["(01)09521234543213(10)L1(21)S1(17)261231", "GhFRq5sE2sRep_jexJag"],
  ["(01)09521234543213(3103)000195", "LRFRq5sE2gAYY"],
  ["(01)09521234543213(3922)1250", "ohFRq5sE2oJxA"],
  ["(8004)9521141123456AB7", "gARQlSEUESNFarc"],
  ["(414)9506000134376(254)A1", "nUKhilScLg6A"],
  ["(01)09521234543213(22)2A(10)B(21)C", "ChFRq5sE2oRUIINkKDg"],
  ["(8010)952114XY(8011)77", "mmj3nbXXhdgpo"],
  ["(01)09521234543213(15)261231(99)hello", "GxFRq5sE2n-N8ywsL0stA"],
])("%s is compressed to %s", (elements, compressed) => {
  const link = linkOf(elements);
  expect(compressDigitalLink(link)).toBe(`https://id.gs1.org/${compressed}`);
  expect(canonicalOf(`https://example.com/a/${compressed}`)).toBe(canonicalDigitalLink(link));
});

test("a pair of the query may be compressed too, and a query that is not stays", () => {
  const read = decompressDigitalLink("https://a.example/x/CxFRq5sE2sK_iJYp5E8qXmDpip?17=261231&flag");
  expect(read.ok && printDigitalLink(read.value)).toBe(
    "https://a.example/x/01/09521234543213/10/X?17=261231&linkType=pip&flag",
  );
});

test("what follows a key may be compressed alone", () => {
  const compressed = compressDigitalLink(linkOf("(8004)9521141123456AB7")).slice(
    "https://id.gs1.org/".length,
  );
  expect(canonicalOf(`https://a.example/00/106141411234567897/${compressed}?403=R1`)).toBe(
    "https://id.gs1.org/00/106141411234567897?403=R1&8004=9521141123456AB7",
  );
});

test("compressed and read again, a URI says the same", () => {
  fc.assert(
    fc.property(links, (list) => {
      const link = linkOf(printBracketed(list));
      const compressed = compressDigitalLink(link, "https://a.example/s");
      expect(canonicalOf(compressed), compressed).toBe(canonicalDigitalLink(link));
    }),
    { numRuns: 1_000 },
  );
});

test("every sequence is of identifiers, each under a code that no identifier begins with", () => {
  expect(SEQUENCES.size).toBe(52);
  for (const [code, ais] of SEQUENCES) {
    expect(code).toMatch(/^([0-9][A-F]|[A-E][0-9A-F])$/);
    // The table of the standard keeps room for identifiers with 6 to 9 decimals, which there are none of yet.
    for (const ai of ais)
      expect(APPLICATION_IDENTIFIERS.has(ai) || /^39[0249][6-9]$/.test(ai), ai).toBe(true);
  }
});

test("whatever comes is answered", () => {
  const nearly = fc
    .tuple(links, fc.nat(), fc.string({ maxLength: 2 }), fc.nat(2))
    .map(([list, at, piece, cut]) => {
      const uri = compressDigitalLink(linkOf(printBracketed(list)));
      const from = at % (uri.length + 1);
      return uri.slice(0, from) + piece + uri.slice(from + cut);
    });
  const random = fc.stringMatching(/^[0-9A-Za-z_-]{0,60}$/).map((text) => `https://a/${text}`);
  fc.assert(
    fc.property(fc.oneof(nearly, random, fc.string()), (uri) => {
      const read = decompressDigitalLink(uri);
      if (read.ok) {
        const again = parseDigitalLink(printDigitalLink(read.value));
        expect(again).toEqual(read);
      } else {
        expect(read.fault.expected).toMatch(/^[ -~]+$/);
      }
    }),
    { numRuns: 3_000 },
  );
});

test.each([
  ["https://id.gs1.org/", "path"],
  ["https://id.gs1.org", "path"],
  ["https://id.gs1.org/01/09521234543213", "path"],
  ["https://id.gs1.org/ARFRq5sE2h", "path"],
  ["https://id.gs1.org/ARFRq5sE", "path"],
  ["https://id.gs1.org/ARFRq5sE3g", "(01)"],
  ["https://id.gs1.org/ARFRq5sE2g?01=09521234543213", "query"],
  ["https://id.gs1.org/01/09521234543213/ARFRq5sE2g", "path"],
  ["https://id.gs1.org/hello", "path"],
  ["https://id.gs1.org/he%20lo", "path"],
  [`https://id.gs1.org/${"A".repeat(ADDRESS_CHARACTERS_MAX)}`, "address"],
])("%s is refused for its %s", (uri, field) => {
  expect(decompressDigitalLink(uri)).toMatchObject({ ok: false, fault: { field } });
});
