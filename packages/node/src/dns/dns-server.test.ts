/**
 * Goal: codes and prefixes are answered for over DNS as other resolvers understand it, and nothing that comes makes the responder
 * fail, talk to itself, or send much more than it got.
 * Method: the sample city behind real sockets, asked by Node's own resolver (c-ares), by dig where it is there, and by bytes.
 */
import { execFile, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import { once } from "node:events";
import { connect } from "node:net";
import { promisify } from "node:util";
import type { Code } from "@cityroot/codes/ma/code";
import { federateOf, testFederation } from "@cityroot/core/operation/operation.testing";
import packet from "dns-packet";
import * as fc from "fast-check";
import { pino } from "pino";
import { Registry } from "prom-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type City, openCity } from "../api/city.testing.ts";
import { openViews } from "../api/read/view.ts";
import { labelsOfCode } from "./code-name.ts";
import type { DnsLimits } from "./dns-limits.ts";
import { createDnsMetrics } from "./dns-metrics.ts";
import { type DnsServer, startDnsServer } from "./dns-server.ts";
import { zonesOf } from "./zone.ts";

const ZONE = "id.example.cn";
const LAMP = "MA.156.1301.01/60.10000000.1/000123" as Code;
const RETIRED = "MA.156.1301.01/60.10000000.1/000125" as Code;
const nameOf = (code: string): string => `${labelsOfCode(code)!.join(".")}.${ZONE}`;

let city: City;
let server: DnsServer;
let registry: Registry;
let resolver: Resolver;
beforeAll(async () => {
  city = await openCity();
  ({ server, registry } = await start());
  resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([`127.0.0.1:${server.port}`]);
});
afterAll(() => server.close());

async function start(limits: Partial<DnsLimits> = {}): Promise<{ server: DnsServer; registry: Registry }> {
  const own = new Registry();
  const zones = zonesOf({
    ...{ host: "127.0.0.1", zone: ZONE, oidDomain: "oid-res.org" },
    nameServers: [
      { name: "ns1.example.net", addresses: [] },
      { name: `ns2.${ZONE}`, addresses: ["192.0.2.7", "2001:db8::7"] },
    ],
    oids: [{ oid: "1.2.156.99", code: "MA.156" as Code }],
  });
  const started = await startDnsServer(
    {
      source: { zones, view: openViews(city.registry.reader), publicUrl: "https://id.example.cn" },
      payloads: city.registry.payloads,
      metrics: createDnsMetrics(own),
      logger: pino({ level: "silent" }),
      limits: { repliesPerSecond: 1_000_000, ...limits },
    },
    { host: "127.0.0.1", port: 0 },
  );
  return { server: started, registry: own };
}

type Reply = {
  readonly bytes: Buffer;
  readonly rcode: string;
  // biome-ignore lint/suspicious/noExplicitAny: records of many shapes.
  readonly [name: string]: any;
};

const query = (name: string, type: string, more: object = {}): Buffer =>
  // biome-ignore lint/suspicious/noExplicitAny: the encoder's own types are not ours.
  (packet as any).encode({ type: "query", id: 7, flags: 256, questions: [{ name, type }], ...more });
const edns = (size: number, more: object = {}): object => ({
  additionals: [{ type: "OPT", name: ".", udpPayloadSize: size, ...more }],
});

/** Sends bytes over UDP; undefined where nothing comes back before an answer to a good question does. */
async function askUdp(bytes: Buffer, port: number = server.port): Promise<Buffer | undefined> {
  const socket = createSocket("udp4");
  const replies: Buffer[] = [];
  socket.on("message", (reply) => replies.push(reply));
  const last = query("last.invalid", "A", { id: 65_000 });
  for (const one of [bytes, last]) await new Promise((sent) => socket.send(one, port, "127.0.0.1", sent));
  while (!replies.some((reply) => reply.readUInt16BE(0) === 65_000)) await once(socket, "message");
  socket.close();
  return replies.find((reply) => reply.readUInt16BE(0) !== 65_000);
}

async function askTcp(bytes: Buffer, port: number = server.port): Promise<Buffer> {
  const socket = connect(port, "127.0.0.1");
  const head = Buffer.alloc(2);
  head.writeUInt16BE(bytes.length, 0);
  socket.write(Buffer.concat([head, bytes]));
  const parts: Buffer[] = [];
  socket.on("data", (part) => {
    parts.push(part);
    const whole = Buffer.concat(parts);
    if (whole.length >= 2 && whole.length >= 2 + whole.readUInt16BE(0)) socket.end();
  });
  await once(socket, "close");
  return Buffer.concat(parts).subarray(2);
}

function read(bytes: Buffer | undefined): Reply {
  if (bytes === undefined) throw new Error("no reply");
  return { ...(packet.decode(bytes) as unknown as Reply), bytes };
}

const ask = async (name: string, type: string, more: object = edns(1_232)): Promise<Reply> =>
  read(await askUdp(query(name, type, more)));

const stringsOf = (records: readonly string[][]): string[] => records[0] ?? [];

describe("a code, asked for by Node's resolver", () => {
  test("says in TXT what the ledger says", async () => {
    const strings = stringsOf(await resolver.resolveTxt(nameOf(LAMP)));
    expect(strings).toContain(`code=${LAMP}`);
    expect(strings).toEqual(
      expect.arrayContaining([
        "v=cityroot1",
        "standing=record",
        "status=active",
        "class=street-lamp",
        "version=2",
      ]),
    );
    expect(strings.some((text) => text.startsWith("holder=did:cityroot:"))).toBe(true);
    const retired = stringsOf(await resolver.resolveTxt(nameOf(RETIRED)));
    expect(retired).toEqual(expect.arrayContaining(["status=retired", `successor=${LAMP}`]));
    const inRange = await resolver.resolveTxt(nameOf("MA.156.1301.01/60.10000000.2/000500"));
    expect(stringsOf(inRange)).toContain("standing=in-range");
    const inBatch = await resolver.resolveTxt(nameOf("MA.156.1301.02/60.10000000.1/900001151"));
    expect(stringsOf(inBatch)).toContain("standing=in-batch");
  });

  test("leads by NAPTR to its page, and an object identifier does by the service of X.672", async () => {
    const expected = { flags: "U", order: 100, preference: 10, replacement: "" };
    const regexp = "!^.*$!https://id.example.cn/MA.156.1301!";
    expect(await resolver.resolveNaptr(nameOf("MA.156.1301"))).toEqual([
      { ...expected, service: "x-cityroot:https", regexp },
    ]);
    for (const name of ["1301.99.156.2.1.oid-res.org", "ors-dummy.1301.99.156.2.1.oid-res.org"]) {
      expect(await resolver.resolveNaptr(name), name).toEqual([{ ...expected, service: "ORS+UINF", regexp }]);
    }
  });

  test("is no name where nothing was issued at or below it, and a name without records where something was", async () => {
    const codes = [
      "MA.156.9999",
      "MA.156.1301.01/60.10000000.1/000999",
      "MA.156.1301.01/60.10000000.2/000501",
    ];
    for (const code of [...codes, "MA.156.1301.02/60.10000000.1/900001150"]) {
      await expect(resolver.resolveTxt(nameOf(code)), code).rejects.toMatchObject({ code: "ENOTFOUND" });
    }
    const between = [
      `ma.${ZONE}`,
      `_.01.1301.156.ma.${ZONE}`,
      nameOf("MA.156.1301.01/60"),
      `_.${nameOf("MA.156.1301.01/60.10000000.2")}`,
    ];
    for (const name of between) {
      await expect(resolver.resolveTxt(name), name).rejects.toMatchObject({ code: "ENODATA" });
    }
    await expect(resolver.resolveTxt(`_.${nameOf(LAMP)}`)).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolveTxt(`other.${ZONE}`)).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(resolver.resolveMx(nameOf(LAMP))).rejects.toMatchObject({ code: "ENODATA" });
    await expect(resolver.resolveNaptr("7.99.156.2.1.oid-res.org")).rejects.toMatchObject({
      code: "ENOTFOUND",
    });
  });

  test("below a federated prefix says which network serves it, and leads to nobody else's address", async () => {
    const { registry: ledger, holders } = city;
    const prefix = "MA.156.1301.03" as Code;
    const holder = holders.works.id;
    await ledger.given(holders.city, {
      ...{ type: "delegate", prefix, holder, rule: null, class: "department", attributes: [] },
    });
    await ledger.given(holders.works, federateOf(prefix, testFederation(1)));
    const below = `${prefix}/60.10000000.1/000001`;
    const strings = stringsOf(await resolver.resolveTxt(nameOf(below)));
    expect(strings).toContain("standing=federated");
    expect(strings).toContain(`prefix=${prefix}`);
    expect(strings.some((text) => text.startsWith("network="))).toBe(true);
    const [naptr] = await resolver.resolveNaptr(nameOf(below));
    expect(naptr?.regexp).toBe(`!^.*$!https://id.example.cn/${below}!`);
    const { answers } = await ask(nameOf(below), "UNKNOWN_256");
    expect(answers.map(({ data }: { data: Buffer }) => data.subarray(4).toString())).toEqual([
      `https://id.example.cn/${below}`,
    ]);
    await expect(resolver.resolveTxt(`_.${nameOf(prefix)}`)).rejects.toMatchObject({ code: "ENODATA" });
  });

  test("has a zone with SOA, NS, and the addresses of name servers in it", async () => {
    const soa = await resolver.resolveSoa(ZONE);
    const { height } = city.registry.reader.head().checkpoint;
    expect(soa).toMatchObject({
      nsname: "ns1.example.net",
      hostmaster: `hostmaster.${ZONE}`,
      serial: height,
    });
    expect((await resolver.resolveNs(ZONE)).sort()).toEqual(["ns1.example.net", `ns2.${ZONE}`]);
    expect(await resolver.resolve4(`ns2.${ZONE}`)).toEqual(["192.0.2.7"]);
    expect(await resolver.resolve6(`ns2.${ZONE}`)).toEqual(["2001:db8::7"]);
    await expect(resolver.resolve4("example.org")).rejects.toMatchObject({ code: "EREFUSED" });
  });
});

describe("a reply", () => {
  test("repeats the question as it came, in its case", async () => {
    const name = nameOf(LAMP).replace(/[a-z]/g, (unit, at) => (at % 2 === 0 ? unit.toUpperCase() : unit));
    const reply = await ask(name, "TXT");
    expect(reply.questions[0].name).toBe(name);
    expect(reply.answers[0].name).toBe(name);
    expect(reply).toMatchObject({ id: 7, flag_aa: true, flag_qr: true, flag_rd: true, flag_ra: false });
    expect(reply.answers[0].ttl).toBe(300);
  });

  test("to what is not there carries the SOA, whose minimum says how long", async () => {
    for (const [name, rcode] of [
      [nameOf("MA.156.9999"), "NXDOMAIN"],
      [`ma.${ZONE}`, "NOERROR"],
    ] as const) {
      const reply = await ask(name, "TXT");
      expect(reply, name).toMatchObject({ rcode, answers: [] });
      expect(reply.authorities, name).toMatchObject([
        { name: ZONE, type: "SOA", ttl: 60, data: { minimum: 60 } },
      ]);
    }
  });

  test("gives the addresses of a record as URI", async () => {
    const reply = await ask(nameOf(LAMP), "UNKNOWN_256");
    const uris = reply.answers.map(({ data }: { data: Buffer }) => [
      data.readUInt16BE(0),
      data.subarray(4).toString(),
    ]);
    expect(uris).toEqual([
      [10, `https://id.example.cn/${LAMP}`],
      [20, "https://example.cn/lamps/000123.pdf"],
      [21, "https://example.cn/report?lamp=000123"],
    ]);
  });

  test("to ANY is little, and to a transfer, another class or another zone a refusal", async () => {
    expect((await ask(nameOf(LAMP), "ANY")).answers).toMatchObject([
      { type: "HINFO", data: { cpu: "RFC8482" } },
    ]);
    expect((await ask(ZONE, "AXFR")).rcode).toBe("REFUSED");
    expect((await ask("version.bind", "TXT")).rcode).toBe("REFUSED");
    const chaos = query(ZONE, "SOA");
    chaos.writeUInt16BE(3, chaos.length - 2);
    expect(read(await askUdp(chaos)).rcode).toBe("REFUSED");
  });

  test("that does not fit is cut over UDP, and whole over TCP", async () => {
    const href = (at: number): string => `https://example.cn/${"x".repeat(300)}/${at}`;
    const links = [0, 1, 2, 3, 4].map((at) => ({
      rel: "about",
      href: href(at),
      type: null,
      lang: null,
      title: null,
    }));
    const code = "MA.156.1301.01/60.10000000.1/000200" as Code;
    await city.registry.given(city.holders.works, {
      ...{ type: "issue", code, class: "street-lamp", attributes: [], links, commitments: [] },
    } as Parameters<typeof city.registry.given>[1]);
    const cut = await ask(nameOf(code), "UNKNOWN_256", edns(4_096));
    expect(cut).toMatchObject({ flag_tc: true, answers: [] });
    expect(cut.bytes.length).toBeLessThan(200);
    const whole = read(await askTcp(query(nameOf(code), "UNKNOWN_256")));
    expect(whole).toMatchObject({ flag_tc: false, rcode: "NOERROR" });
    expect(whole.answers).toHaveLength(6);
    // Without EDNS a client takes 512 bytes.
    const small = read(await askUdp(query(nameOf(RETIRED), "TXT", {})));
    expect(small.bytes.length).toBeLessThanOrEqual(512);
    expect(await resolver.resolveTxt(nameOf(code))).toHaveLength(1);
  });

  test("knows EDNS of version 0 alone", async () => {
    const reply = await ask(nameOf(LAMP), "TXT");
    expect(reply.additionals).toMatchObject([{ type: "OPT", udpPayloadSize: 1_232 }]);
    const later = read(await askUdp(query(ZONE, "SOA", edns(1_232, { ednsVersion: 1 }))));
    expect(later.additionals).toMatchObject([{ type: "OPT", extendedRcode: 1 }]);
    expect(later.answers).toEqual([]);
    const twice = {
      additionals: [
        { type: "OPT", name: "." },
        { type: "OPT", name: "." },
      ],
    };
    expect(read(await askUdp(query(ZONE, "SOA", twice))).rcode).toBe("FORMERR");
  });

  test("is SERVFAIL while the store cannot be read, which says nothing of the code", async () => {
    city.registry.failReads(new Error("the disk is gone"));
    const reply = await ask(nameOf(LAMP), "TXT");
    city.registry.failReads(null);
    expect(reply).toMatchObject({ rcode: "SERVFAIL", answers: [] });
  });
});

describe("what is no good question", () => {
  const set = (at: number, value: number): Buffer => {
    const bytes = query(ZONE, "SOA");
    bytes.writeUInt16BE(value, at);
    return bytes;
  };

  test("is dropped where it is a reply or too short, and refused where it can be", async () => {
    expect(await askUdp(set(2, 0x8000))).toBeUndefined();
    expect(await askUdp(Buffer.alloc(11))).toBeUndefined();
    expect(await askUdp(Buffer.alloc(1_300))).toBeUndefined();
    const refused: readonly (readonly [Buffer, string])[] = [
      [set(2, 0x2800), "NOTIMP"],
      [set(4, 0), "FORMERR"],
      [set(4, 2), "FORMERR"],
      [set(6, 1), "FORMERR"],
      [set(10, 1), "FORMERR"],
      [query(ZONE, "SOA").subarray(0, 20), "FORMERR"],
      [Buffer.concat([query(ZONE, "SOA"), Buffer.alloc(3)]), "FORMERR"],
      [set(12, 0xc00c), "FORMERR"],
    ];
    for (const [bytes, rcode] of refused) {
      const reply = read(await askUdp(bytes));
      expect(reply.rcode, bytes.toString("hex")).toBe(rcode);
      expect(reply.bytes.length, bytes.toString("hex")).toBe(12);
    }
  });

  test("never fails the responder, and never gets more than a bounded reply", {
    timeout: 30_000,
  }, async () => {
    const noise = fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes));
    const mutated = fc
      .tuple(fc.nat(), fc.nat(255), fc.constantFrom(nameOf(LAMP), ZONE, `ma.${ZONE}`), fc.nat(300))
      .map(([at, value, name, type]) => {
        const bytes = query(name, `UNKNOWN_${type}`, edns(1_232));
        bytes[at % bytes.length] = value;
        return bytes;
      });
    await fc.assert(
      fc.asyncProperty(fc.oneof(noise, mutated), async (bytes) => {
        const reply = await askUdp(bytes);
        if (reply === undefined) return;
        expect(reply.length).toBeLessThanOrEqual(1_232);
        expect(reply.readUInt16BE(0)).toBe(bytes.readUInt16BE(0));
        expect(reply[2]! & 0x80).toBe(0x80);
        packet.decode(reply);
      }),
      { numRuns: 500 },
    );
    expect((await ask(ZONE, "SOA")).rcode).toBe("NOERROR");
  });

  test("ends a connection over TCP, where it is longer than taken", async () => {
    for (const bytes of [Buffer.from([255, 255, 0]), Buffer.from([0, 0])]) {
      const socket = connect(server.port, "127.0.0.1");
      socket.write(bytes);
      await once(socket, "close");
    }
    const noise = fc.uint8Array({ minLength: 3, maxLength: 200 });
    await fc.assert(
      fc.asyncProperty(noise, async (bytes) => {
        const socket = connect(server.port, "127.0.0.1");
        socket.on("error", () => {});
        socket.end(bytes);
        socket.resume();
        await once(socket, "close");
      }),
      { numRuns: 30 },
    );
    expect(read(await askTcp(query(ZONE, "SOA"))).rcode).toBe("NOERROR");
  });
});

test("above the rate of a network half is dropped, and half is told to come by TCP", async () => {
  const limited = await start({ repliesPerSecond: 5 });
  const socket = createSocket("udp4");
  const replies: Buffer[] = [];
  socket.on("message", (reply) => replies.push(reply));
  const bytes = query(nameOf(LAMP), "TXT", edns(1_232));
  for (let count = 0; count < 50; count++)
    await new Promise((sent) => socket.send(bytes, limited.server.port, "127.0.0.1", sent));
  while (replies.length < 30) await once(socket, "message");
  socket.close();
  const whole = replies.filter((reply) => (reply[2]! & 2) === 0);
  const cut = replies.filter((reply) => (reply[2]! & 2) !== 0);
  expect(whole.length).toBeGreaterThanOrEqual(10);
  expect(whole.length).toBeLessThan(20);
  expect(cut.length).toBeGreaterThan(10);
  for (const reply of cut) expect(reply.length).toBeLessThanOrEqual(bytes.length);
  expect(read(await askTcp(bytes, limited.server.port)).answers).toHaveLength(1);
  expect(await limited.registry.metrics()).toMatch(/cityroot_dns_losses_total\{reason="rate"\} [1-9]/);
  await limited.server.close();
});

test("connections over TCP that say nothing are closed, and there are so many", async () => {
  const limited = await start({ idleTimeoutMs: 50, connectionsMax: 2, connectionQueriesMax: 2 });
  const idle = connect(limited.server.port, "127.0.0.1");
  await once(idle, "close");
  const sockets = [0, 1, 2, 3].map(() => connect(limited.server.port, "127.0.0.1"));
  await Promise.all(
    sockets.map((socket) =>
      once(
        socket.on("error", () => {}),
        "close",
      ),
    ),
  );
  const bytes = query(ZONE, "SOA");
  const one = Buffer.concat([Buffer.from([0, bytes.length]), bytes]);
  const busy = connect(limited.server.port, "127.0.0.1");
  let got = 0;
  busy.on("data", (part) => {
    got += part.length;
  });
  busy.write(Buffer.concat([one, one, one, one]));
  await once(busy, "close");
  expect(got).toBe(2 * (2 + (await askTcp(bytes)).length));
  await limited.server.close();
});

test("is understood by dig", async ({ skip }) => {
  if (spawnSync("dig", ["-v"]).error !== undefined) skip("dig is not here");
  const dig = async (...args: string[]): Promise<string> => {
    const all = ["@127.0.0.1", "-p", String(server.port), "+time=2", "+tries=1", ...args];
    return (await promisify(execFile)("dig", all)).stdout;
  };
  const uri = `10 1 "https://id.example.cn/${LAMP}"`;
  expect(await dig("+short", "URI", nameOf(LAMP))).toContain(uri);
  expect(await dig("+short", "+tcp", "URI", nameOf(LAMP))).toContain(uri);
  expect(await dig("+short", "TXT", nameOf("MA.156.1301"))).toContain('"v=cityroot1" "code=MA.156.1301"');
  expect(await dig("+short", "NAPTR", "1301.99.156.2.1.oid-res.org")).toBe(
    '100 10 "U" "ORS+UINF" "!^.*$!https://id.example.cn/MA.156.1301!" .\n',
  );
  const none = await dig("TXT", nameOf("MA.156.9999"));
  expect(none).toContain("status: NXDOMAIN");
  expect(none).toContain("flags: qr aa rd;");
  expect(none).toMatch(
    /^id\.example\.cn\.\s+60\s+IN\s+SOA\s+ns1\.example\.net\. hostmaster\.id\.example\.cn\. \d+/m,
  );
  expect(await dig("+noedns", "ANY", "+notcp", ZONE)).toContain('"RFC8482" ""');
  // A message that dig cannot read it says so of.
  expect(none).not.toMatch(/malformed|extra bytes/i);
});

test("counts replies by transport and code", async () => {
  const text = await registry.metrics();
  expect(text).toMatch(/cityroot_dns_replies_total\{transport="udp",rcode="NOERROR"\} [1-9]/);
  expect(text).toMatch(/cityroot_dns_replies_total\{transport="tcp",rcode="NOERROR"\} [1-9]/);
  expect(text).toMatch(/cityroot_dns_losses_total\{reason="truncated"\} [1-9]/);
  expect(text).toMatch(/cityroot_dns_losses_total\{reason="malformed"\} [1-9]/);
});
