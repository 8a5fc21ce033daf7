import { describe, expect, test } from "vitest";
import { defaultConfig, isHandlePrefix, parseConfig } from "./config.ts";
import { type DnsConfig, defaultDns, isZoneName, parseDns } from "./dns-config.ts";
import { servedOf } from "./served.ts";

const WHOLE = {
  ...{ host: "127.0.0.1", port: 5_353, zone: "id.example.cn", oidDomain: "oid-res.org" },
  nameServers: [{ name: "ns1.example.cn", addresses: ["192.0.2.1", "2001:db8::1"] }],
  oids: [{ oid: "1.2.156.1301", code: "MA.156.1301" }],
};

test("a whole one is read as it stands, and what is left out has a default", () => {
  expect(parseDns(WHOLE)).toEqual(WHOLE);
  expect(parseDns({ zone: "id.example.cn" })).toEqual(defaultDns("127.0.0.1", 53, "id.example.cn"));
});

describe("refused by name:", () => {
  test.each<[string, object]>([
    ["config.dns.host", { host: "localhost" }],
    ["config.dns.port", { port: 0 }],
    ["config.dns.zone", { zone: "a..b" }],
    ["config.dns.zone", { zone: `${"a.".repeat(60)}cn` }],
    ["config.dns.zone", { zone: null, oids: [] }],
    ["config.dns.oidDomain", { oidDomain: 7 }],
    ["config.dns.nameServers", { nameServers: "ns1" }],
    ["config.dns.nameServers[0].name", { nameServers: [{ name: "é" }] }],
    ["config.dns.nameServers[0].addresses", { nameServers: [{ name: "ns.a", addresses: ["x"] }] }],
    ["config.dns.oids[0].oid", { oids: [{ oid: "1.40", code: "MA.156" }] }],
    ["config.dns.oids[0].code", { oids: [{ oid: "1.2", code: "MA" }] }],
    ["config.dns.other", { other: 1 }],
  ])("%s of %j", (name, changes) => {
    expect(() => parseDns({ ...WHOLE, ...changes })).toThrow(`${name}: `);
  });
});

test("of a node's configuration it is a part, beside the prefix of handles", () => {
  const plain = { origin: "a/b", listen: { host: "::1", port: 1 } };
  expect(parseConfig({ ...plain, dns: WHOLE, handlePrefix: "20.500.12345" })).toMatchObject({
    dns: WHOLE,
    handlePrefix: "20.500.12345",
  });
  expect(parseConfig(plain)).toMatchObject({ dns: null, handlePrefix: null });
  expect(() => parseConfig({ ...plain, handlePrefix: "20." })).toThrow("config.handlePrefix: ");
});

test("prefixes of handles are numbers between dots, and zones leave room for names", () => {
  expect(["20.500.12345", "10", "86.1000"].every(isHandlePrefix)).toBe(true);
  expect(["", ".", "20.", "a.b", 20, "20/5"].some(isHandlePrefix)).toBe(false);
  expect(isZoneName("id.example.cn.")).toBe(true);
  expect(isZoneName("")).toBe(false);
});

test("what leads to pages needs an address from outside, from wherever it is said", () => {
  const dns = WHOLE as unknown as DnsConfig;
  const config = defaultConfig("a/b");
  const publicUrl = "https://id.example.cn";
  expect(servedOf(config, {})).toEqual({ publicUrl: null, dns: null, handlePrefix: null });
  expect(servedOf(config, { dns, publicUrl })).toEqual({ publicUrl, dns, handlePrefix: null });
  expect(servedOf({ ...config, publicUrl }, { handlePrefix: "20" }).handlePrefix).toBe("20");
  expect(() => servedOf({ ...config, dns }, {})).toThrow("config.publicUrl: ");
  expect(() => servedOf(config, { handlePrefix: "20" })).toThrow("handlePrefix");
});
