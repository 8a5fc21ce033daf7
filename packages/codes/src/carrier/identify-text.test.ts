import fc from "fast-check";
import { expect, test } from "vitest";
import { VALUE_CHARACTERS_MAX } from "../systems/coding-system.ts";
import { CODING_SYSTEMS } from "../systems/systems.ts";
import type { CarrierForm } from "./carried.ts";
import { identifyText } from "./identify-text.ts";

const GS = "\x1d";
const RS = "\x1e";
const EOT = "\x04";

/** What a text carries: values as system and canonical value, in order. */
function valuesOf(text: string): readonly string[] {
  const { carried } = identifyText(text, 2026);
  return (carried?.values ?? []).flatMap(({ fits }) =>
    fits.map(({ system, reading }) => `${system.id} ${reading.canonical}`),
  );
}

const ITEM = ["gtin-14 09521234543213", "gtin-13 9521234543213"];
const SINGLE = ["sgtin (01)09521234543213(21)X1", ...ITEM];

test.each<readonly [name: string, text: string, form: CarrierForm, values: readonly string[]]>([
  ["printed below a barcode", "(01)09521234543213(21)X1", "element-string", SINGLE],
  ["printed with spaces", " (01) 09521234543213 (21) X1", "element-string", SINGLE],
  ["scanned, GS1 DataMatrix", "]d2010952123454321321X1", "element-string", SINGLE],
  ["scanned, FNC1 first", `${GS}010952123454321321X1`, "element-string", SINGLE],
  ["scanned, FNC1 between", `21X1${GS}0109521234543213`, "element-string", SINGLE],
  ["FNC1 as its picture", "21X1\u241d0109521234543213", "element-string", SINGLE],
  ["FNC1 by its name", "21X1<GS>0109521234543213", "element-string", SINGLE],
  ["digits alone", "0109521234543213", "element-string", ITEM],
  ["EAN-13 as scanned", "]E09521234543213", "element-string", ITEM],
  [
    "EAN-8 as scanned",
    "]E495200002",
    "element-string",
    ["gtin-14 00000095200002", "gtin-13 0000095200002", "gtin-12 000095200002", "gtin-8 95200002"],
  ],
  ["logistic unit", "(00)095201234567891235", "element-string", ["sscc 095201234567891235"]],
  ["place", "(414)9521321000018(254)1", "element-string", ["gln 9521321000018"]],
  ["digital link", "https://shop.example/a/01/09521234543213/21/X1?17=271231&x=y", "digital-link", SINGLE],
  ["digital link in capitals", "HTTPS://ID.GS1.ORG/01/09521234543213", "digital-link", ITEM],
  ["URN of an item", "urn:epc:id:sgtin:9521234.054321.X1", "uri", SINGLE],
  ["URN of a logistic unit", "urn:epc:id:sscc:952012345.06789123", "uri", ["sscc 095201234567891235"]],
  ["URN of a place", "urn:epc:id:sgln:9521321.00001.0", "uri", ["gln 9521321000018"]],
  ["URN of a place within", "urn:epc:id:sgln:9521321.00001.A%2F1", "uri", ["gln 9521321000018"]],
  ["URN of a returnable asset", "urn:epc:id:grai:9521321.00001.A.1", "uri", ["grai 09521321000018A.1"]],
  ["URN of an asset", "urn:epc:id:giai:9521321.A.1", "uri", ["giai 9521321A.1"]],
  ["OID", "urn:oid:1.2.156.112719", "uri", ["oid 1.2.156.112719"]],
  [
    "UUID",
    "URN:UUID:F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6",
    "uri",
    ["uuid f81d4fae-7dec-11d0-a765-00a0c91e6bf6"],
  ],
  ["DOI", "doi:10.1000/182", "uri", ["doi 10.1000/182"]],
  ["DOI of info", "info:doi/10.1000/a%2Fb", "uri", ["doi 10.1000/a/b"]],
  ["Handle", "hdl:20.1000/5555", "uri", ["handle 20.1000/5555"]],
  // RFC 7254, 4.2: the last digit is a spare one.
  ["IMEI", "urn:gsma:imei:49015420-323751-0;svn=42", "uri", ["imei 490154203237518"]],
  ["network address", "urn:dev:mac:0024befffe804ff1", "uri", ["eui-64 0024BEFFFE804FF1"]],
  ["address of a DOI", "https://doi.org/10.1000/182", "web-address", ["doi 10.1000/182"]],
  ["address of a Handle", "http://hdl.handle.net/20.1000/%E4%B8%AD", "web-address", ["handle 20.1000/中"]],
  ["address of an OID", "https://oid-base.com/get/1.2.156", "web-address", ["oid 1.2.156"]],
  [
    "uniform code in a path",
    "https://x.cn/q/MA.156.1301.02/60.10000000.1/000123",
    "web-address",
    ["ma MA.156.1301.02/60.10000000.1/000123"],
  ],
  ["uniform code as a query", "https://x.cn/?MA.156.1301", "web-address", ["ma MA.156.1301"]],
  ["uniform code behind a number sign", "https://x.cn/#/MA.156.1301", "web-address", ["ma MA.156.1301"]],
  [
    "codes in a query",
    "https://x.cn/a?d=130102&u=91350100M000100Y43",
    "web-address",
    ["gbt2260 130102", "uscc 91350100M000100Y43"],
  ],
  ["an address with Chinese", "https://x.cn/长安区?d=130102", "web-address", ["gbt2260 130102"]],
  ["an address of words", "https://example.com/about/contact?q=hello+world&page=2#top", "web-address", []],
  [
    "message of data identifiers",
    `[)>${RS}06${GS}25SMA.156.1301${GS}I1M8GDM9AXKP042788${RS}${EOT}`,
    "message",
    ["ma MA.156.1301", "vin 1M8GDM9AXKP042788"],
  ],
  ["message of elements", `[)>${RS}05${GS}0109521234543213${GS}21X1${RS}${EOT}`, "message", SINGLE],
  ["message of two formats", `[)>${RS}06${GS}P1${RS}05${GS}0109521234543213${RS}${EOT}`, "message", ITEM],
  [
    "message of text elements",
    `[)>${RS}12${GS}SER MA.156.1301${GS}PNR 7${RS}${EOT}`,
    "message",
    ["ma MA.156.1301"],
  ],
  [
    "message with pictures",
    "[)>\u241e06\u241d23S00-00-5E-00-53-AF\u241e\u2404",
    "message",
    ["eui-48 00005E0053AF"],
  ],
])("%s: %s", (_, text, form, values) => {
  expect(identifyText(text, 2026).carried).toMatchObject({ form });
  expect(valuesOf(text)).toEqual(values);
});

// Examples of EPC Tag Data Standard 2.1, 6.3.
test.each([
  ["urn:epc:id:sgtin:0614141.812345.6789", "01", "80614141123458"],
  ["urn:epc:id:sscc:0614141.1234567890", "00", "106141412345678908"],
  ["urn:epc:id:sgln:0614141.12345.400", "414", "0614141123452"],
  ["urn:epc:id:grai:0614141.12345.400", "8003", "00614141123452400"],
  ["urn:epc:id:giai:0614141.12345400", "8004", "061414112345400"],
])("%s is (%s)%s", (text, ai, value) => {
  expect(identifyText(text).carried?.fields[0]).toMatchObject({ name: ai, text: value });
});

test("what a scanner put before a text is told, and the text is identified without it", () => {
  const { fits, carried } = identifyText("]Q0MA.156.1301");
  expect(fits.map(({ system }) => system.id)).toEqual(["ma"]);
  expect(carried).toMatchObject({
    form: "barcode",
    symbology: { identifier: "]Q0", name: { en: "QR Code" } },
  });
  expect(identifyText(`]d1[)>${RS}06${GS}P1${RS}${EOT}`).carried).toMatchObject({
    form: "message",
    symbology: { identifier: "]d1" },
    fields: [{ name: "P", text: "1" }],
  });
});

test("fields say what they mean", () => {
  expect(identifyText("(01)09521234543213(17)271200(310)1", 2026).carried).toMatchObject({
    fault: expect.anything(),
  });
  const { carried } = identifyText("(01)09521234543213(17)271200(3103)001250", 2026);
  expect(carried?.fields.map(({ name, meaning }) => [name, meaning?.en])).toEqual([
    ["01", "demonstrations and examples of the GS1 system"],
    ["17", "2027-12-31, the end of the month"],
    ["3103", "1.250 kg"],
  ]);
  expect(identifyText(`[)>${RS}06${GS}16D20260230${GS}16D20261131${RS}${EOT}`).carried?.fields).toMatchObject(
    [
      { name: "16D", text: "20260230" },
      { name: "16D", text: "20261131" },
    ],
  );
});

test.each([
  ["a wrong check digit", "(01)09521234543210", { field: "(01)", expected: "3", got: "0" }],
  [
    "a wrong check digit in a link",
    "https://x.cn/01/09521234543210",
    { field: "(01)", expected: "3", got: "0" },
  ],
  ["an identifier that is none", "(05)123", { field: "ai", got: "05" }],
  ["a carrier that holds no elements", "]C1hello", { field: "ai" }],
  ["a message without its separator", "[)>06P1", { field: "message" }],
  ["an EPC of no known kind", "urn:epc:id:xyz:1.2.3", { field: "urn:epc:id" }],
  ["an EPC with too few digits", "urn:epc:id:sgtin:0614141.81234.6789", { field: "urn:epc:id" }],
  ["an IMEI without hyphens", "urn:gsma:imei:490154203237518", { field: "urn:gsma:imei" }],
  ["an address with spaces", "https://x cn/", { field: "host" }],
])("%s is told", (_, text, fault) => {
  expect(identifyText(text).carried?.fault).toMatchObject(fault);
});

test("a value that is nearly one is told with what was meant", () => {
  const [value] = identifyText("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bfz").carried?.values ?? [];
  expect(value).toMatchObject({ fits: [], nearly: [{ system: { id: "uuid" } }] });
  const [vin] = identifyText(`[)>${RS}06${GS}I1M8GDM9AXKPO42788${RS}${EOT}`).carried?.values ?? [];
  expect(vin?.nearly[0]?.fault.meant).toBe("1M8GDM9AXKP042788");
});

test("a message that was cut short is read, and that is said", () => {
  const { carried } = identifyText(`[)>${RS}06${GS}P1${GS}?`);
  expect(carried?.fields).toMatchObject([{ name: "P", text: "1" }]);
  expect(carried?.doubts.map(({ field }) => field)).toEqual(["message", "message"]);
});

test("what tells of a person is not repeated", () => {
  for (const text of [
    "(01)09521234543213(8018)952123450000000005",
    "https://id.gs1.org/8018/952123450000000005",
    `[)>${RS}06${GS}1H9521234500${GS}26HABC+LK${RS}${EOT}`,
  ]) {
    const { carried, person } = identifyText(text);
    expect(person).toBeUndefined();
    expect(JSON.stringify(carried)).not.toContain("95212345000");
    expect(JSON.stringify(carried)).not.toContain("ABC+LK");
  }
  expect(identifyText("]Q011010519491231002X")).toEqual({ fits: [], nearly: [], person: "citizen-number" });
});

test.each([
  "https://x.cn/?id=%31%310105194912310%302X",
  "https://x.cn/11010519491231002X",
  "https://x.cn/#11010519491231002x",
  `[)>${RS}07${GS}11010519491231002X${RS}${EOT}`,
  `[)>${RS}06${GS}S11010519491231002X${RS}${EOT}`,
])("a citizen number within is refused: %s", (text) => {
  expect(identifyText(text)).toEqual({ fits: [], nearly: [], person: "citizen-number" });
});

test("texts of no carrier carry nothing", () => {
  for (const { examples, id } of CODING_SYSTEMS) {
    if (id === "sgtin") continue;
    for (const { value } of examples) expect(identifyText(value).carried, value).toBeUndefined();
  }
  expect(identifyText("")).toEqual({ fits: [], nearly: [] });
  expect(identifyText(`(01)${"9".repeat(VALUE_CHARACTERS_MAX)}`)).toEqual({ fits: [], nearly: [] });
});

/** Texts that look like carriers, and are cut, joined and mixed at random. */
const mixed = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        "[)>",
        RS,
        GS,
        EOT,
        "06",
        "05",
        "(01)",
        "09521234543213",
        "]d2",
        "]Q1",
        "https://x.cn/",
        "urn:",
        "oid:",
      ),
      fc.constantFrom(
        "epc:id:",
        "sgtin:",
        "doi:",
        "%",
        "%41",
        "?",
        "&",
        "=",
        "#",
        "/",
        "MA.156.",
        "\ud800",
        "长",
        "(",
        ")",
      ),
      fc.string({ maxLength: 8, unit: "binary" }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(""));

test("any text is identified without an error, and all that it says is bounded", () => {
  fc.assert(
    fc.property(mixed, (text) => {
      const { carried, fits } = identifyText(text, 2026);
      expect(fits.length).toBeLessThanOrEqual(CODING_SYSTEMS.length);
      expect(carried?.fields.length ?? 0).toBeLessThanOrEqual(80);
      expect(carried?.values.length ?? 0).toBeLessThanOrEqual(80);
    }),
    { numRuns: 2_000 },
  );
});
