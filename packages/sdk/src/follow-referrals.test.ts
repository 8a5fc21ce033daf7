import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import { publicKeyOfSeed, seedOf, type TestHolder, testHolder } from "@cityroot/core/ledger.testing";
import { makeVerifierKey, SIGNATURE_TYPES } from "@cityroot/core/log/note";
import { type PolicyJson, writePolicy } from "@cityroot/core/log/witness-policy";
import { TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { delegateTo, issueOne, type TestRegistry, testRegistry } from "@cityroot/core/proof/registry.testing";
import { afterEach, describe, expect, test } from "vitest";
import { type Client, createClient } from "./client.ts";
import { isProofError, isTransportError } from "./error.ts";
import { list } from "./list.ts";
import { federate } from "./operation.ts";
import { problem, serveRegistry, type TestServer } from "./registry-server.testing.ts";
import type { FederationJson } from "./resolution.ts";
import { type ResolveParameters, resolve } from "./resolve.ts";

/**
 * Goal: a client follows a referral only to the network that the ledger names, and believes nothing of it that is not
 * proven under the policy that stands there.
 * Method: registries with real proofs over HTTP that refer to one another, honestly and not. All of them sign with the
 * same keys, so that the keys alone never tell them apart.
 */

const NATION = testHolder("Nation", 1);
const CITY = testHolder("City", 2);
const PREFIX = "MA.156.1301";
const BUREAU = `${PREFIX}.02`;
const LAMP = `${BUREAU}/60.10000000.1/7`;
const NEVER = `${BUREAU}/60.10000000.1/8`;

type World = { readonly registry: TestRegistry; readonly server: TestServer };

const open: TestServer[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

async function serve(prefix: string, holder: TestHolder): Promise<World> {
  const registry = testRegistry({ signs: false }, [{ prefix: prefix as Code, holder, rule: null }]);
  const server = await serveRegistry(registry);
  open.push(server);
  return { registry, server };
}

function federationTo({ registry, server }: World, changes: Partial<FederationJson> = {}): FederationJson {
  const { id, genesis } = registry.ledger.ledger.network;
  return {
    network: id,
    genesis: bytesToHex(genesis),
    endpoints: [server.url],
    policy: writePolicy(TEST_POLICY),
    ...changes,
  };
}

/** A nation that has the city as a prefix. */
async function openNation(): Promise<World> {
  const nation = await serve("MA.156", NATION);
  nation.registry.run(NATION, delegateTo(PREFIX, CITY));
  return nation;
}

/** The city's own network, in which the lamp was issued. */
async function openCity(): Promise<World> {
  const city = await serve(PREFIX, CITY);
  city.registry.run(CITY, issueOne(LAMP));
  return city;
}

function refer(from: World, prefix: string, federation: FederationJson): void {
  from.registry.run(CITY, federate({ prefix, federation }));
}

async function referring(
  changes: Partial<FederationJson> = {},
): Promise<{ readonly nation: World; readonly city: World; readonly client: Client }> {
  const [nation, city] = [await openNation(), await openCity()];
  refer(nation, PREFIX, federationTo(city, changes));
  return { nation, city, client: clientOf(nation) };
}

function clientOf({ server }: World): Client {
  return createClient({ url: server.url, policy: TEST_POLICY, timeoutMs: 5_000 });
}

const HERE: ResolveParameters & { readonly verify?: true } = { allowPrivateHosts: true };

async function failureOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (isProofError(error) || isTransportError(error)) return error.failure;
    throw error;
  }
  return "believed";
}

/** Some other verifier key of a type. */
function strangerKey(type: 1 | 4): PolicyJson["logKeys"][number] {
  const key = makeVerifierKey("stranger.example", type, publicKeyOfSeed(seedOf(77)));
  return `${key.name}+${key.keyId.toString(16).padStart(8, "0")}+${Buffer.from([type, ...key.publicKey]).toString("base64")}`;
}

describe("a referral is followed", () => {
  test("to the network that the ledger names, and both vouch", async () => {
    const { nation, city, client } = await referring();
    const found = await resolve(client, LAMP, HERE);
    expect(found).toMatchObject({
      standing: "record",
      record: { class: "lamp" },
      prefix: { prefix: PREFIX },
      verified: { height: city.registry.ledger.height() },
      referrals: [
        {
          prefix: PREFIX,
          network: city.registry.ledger.ledger.network.id,
          endpoint: city.server.url,
          verified: { height: nation.registry.ledger.height() },
        },
      ],
    });
    expect(await resolve(client, NEVER, HERE)).toMatchObject({ standing: "never-issued", referrals: [{}] });
    expect(await resolve(client, PREFIX, HERE)).toMatchObject({
      standing: "record",
      record: { federation: { network: city.registry.ledger.ledger.network.id } },
      referrals: [],
    });
    expect(client.network).toBeUndefined();
  });

  test("or given as it is, where the caller wants that, and for a height", async () => {
    const { city, client } = await referring();
    const referral = { prefix: PREFIX, status: "active", federation: federationTo(city) };
    const wanted = { standing: "federated", record: null, referral, referrals: [] };
    expect(await resolve(client, LAMP, { ...HERE, follow: false })).toMatchObject(wanted);
    expect(await resolve(client, LAMP, { ...HERE, asOf: { height: 1 } })).toMatchObject(wanted);
    expect(await resolve(client, LAMP, { verify: false })).toMatchObject({ ...wanted, verified: null });
    expect(city.server.questions).toEqual([]);
    const versioned = await resolve(client, LAMP, { ...HERE, asOf: { version: 1 } });
    expect(versioned).toMatchObject({ standing: "record", referrals: [{ prefix: PREFIX }] });
  });

  test("from network to network", async () => {
    const { city, client } = await referring();
    const bureau = await serve("MA.156", NATION);
    bureau.registry.run(NATION, delegateTo("MA.156.9999", CITY));
    const third = await serve(`${PREFIX}.03`, CITY);
    const code = `${PREFIX}.03/60.10000000.1/1`;
    third.registry.run(CITY, issueOne(code));
    city.registry.run(CITY, delegateTo(`${PREFIX}.03`, CITY));
    refer(city, `${PREFIX}.03`, federationTo(third));
    const found = await resolve(client, code, HERE);
    expect(found.standing).toBe("record");
    expect(found.referrals.map(({ prefix }) => prefix)).toEqual([PREFIX, `${PREFIX}.03`]);
  });

  test("by the next endpoint, where one is away, errs or lies", async () => {
    const [nation, city, other] = [await openNation(), await openCity(), await serve("MA.276", CITY)];
    const away = await serve("MA.276", NATION);
    await away.server.close();
    const errs = await serve("MA.276", NATION);
    errs.server.lie(() => problem({ status: 503, code: "UNAVAILABLE", detail: "cannot tell" }));
    const endpoints = [away, errs, other, city].map(({ server }) => server.url);
    refer(nation, PREFIX, federationTo(city, { endpoints }));
    const found = await resolve(clientOf(nation), LAMP, HERE);
    expect(found).toMatchObject({ standing: "record", referrals: [{ endpoint: city.server.url }] });
  });
});

describe("what does not hold is not believed:", () => {
  test("another network at the endpoint, with the same keys", async () => {
    const nation = await openNation();
    const [city, other] = [await openCity(), await serve(PREFIX, NATION)];
    other.registry.run(NATION, issueOne(NEVER));
    refer(nation, PREFIX, federationTo(city, { endpoints: [other.server.url] }));
    expect(await failureOf(resolve(clientOf(nation), NEVER, HERE))).toBe("network-other");
    // Also where it says that it is the one.
    const { id } = city.registry.ledger.ledger.network;
    other.server.lie(({ path, query }) => {
      if (!path.startsWith("v1/proofs/")) return undefined;
      expect(query.get("network")).toBe("true");
      return undefined;
    });
    const renamed = createClient({
      url: nation.server.url,
      policy: TEST_POLICY,
      fetch: async (input, init) => {
        const response = await fetch(input, init);
        const headers = new Headers(response.headers);
        if (String(input).startsWith(other.server.url)) headers.set("cityroot-network", id);
        return new Response(response.body, { status: response.status, headers });
      },
    });
    expect(await failureOf(resolve(renamed, NEVER, HERE))).toBe("network-other");
  });

  test("another genesis on the ledger", async () => {
    const genesis = `${"ab".repeat(32)}`;
    const { client } = await referring({ genesis, network: "test-abababab" });
    expect(await failureOf(resolve(client, LAMP, HERE))).toBe("network-other");
  });

  test.each([
    ["another log key", { logKeys: [strangerKey(SIGNATURE_TYPES.ed25519)] }],
    ["another origin", { origin: "stranger.example" }],
    ["other witnesses", { witnesses: [strangerKey(SIGNATURE_TYPES.cosignature)], quorum: 1 }],
    ["a higher quorum", { quorum: 3 }],
  ])("a policy with %s", async (_, changes) => {
    const { client } = await referring({ policy: { ...writePolicy(TEST_POLICY), ...changes } });
    expect(await failureOf(resolve(client, LAMP, HERE))).toBe("checkpoint-refused");
  });

  test("a referral that the first network's proof does not show", async () => {
    const { nation, city, client } = await referring();
    const before = nation.registry.at(1);
    expect(before.checkpoint.height).toBe(1);
    nation.server.lie(({ path }) =>
      path.startsWith("v1/proofs/")
        ? problem({ status: 421, code: "SERVED_ELSEWHERE", detail: "there" })
        : undefined,
    );
    expect(await failureOf(resolve(client, LAMP, HERE))).toBe("status");
    expect(city.server.questions).toEqual([]);
  });

  test("an older state of the other network than the client has seen", async () => {
    const { city, client } = await referring();
    await resolve(client, LAMP, HERE);
    city.registry.run(CITY, issueOne(NEVER));
    expect((await resolve(client, NEVER, HERE)).standing).toBe("record");
    await city.server.close();
    const stale = await serveRegistry(city.registry, () => city.registry.at(1));
    open.push(stale);
    const moved: Client = {
      ...client,
      fetch: (input, init) => fetch(String(input).replace(city.server.url, stale.url), init),
    };
    expect(await failureOf(resolve(moved, NEVER, HERE))).toBe("checkpoint-old");
  });
});

describe("a client does not go everywhere:", () => {
  test("networks that refer to one another", async () => {
    const [nation, city] = [await openNation(), await serve(PREFIX, CITY)];
    refer(nation, PREFIX, federationTo(city));
    city.registry.run(CITY, federate({ prefix: PREFIX, federation: federationTo(nation) }));
    expect(await failureOf(resolve(clientOf(nation), LAMP, HERE))).toBe("referral-loop");
    expect(city.server.questions.length).toBe(1);
  });

  test("more networks one after the other than it follows", async () => {
    const nation = await openNation();
    let last = nation;
    for (let number = 10; number < 16; number++) {
      const next = await serve(PREFIX, testHolder(`City ${number}`, number));
      const holder = last === nation ? CITY : testHolder(`City ${number - 1}`, number - 1);
      last.registry.run(holder, federate({ prefix: PREFIX, federation: federationTo(next) }));
      last = next;
    }
    expect(await failureOf(resolve(clientOf(nation), LAMP, HERE))).toBe("referral-loop");
    expect(last.server.questions).toEqual([]);
  });

  test("hosts that are no public names, unless the caller allows them", async () => {
    const asked: string[] = [];
    const nation = await openNation();
    const city = await openCity();
    for (const endpoint of [
      city.server.url,
      "http://localhost:1",
      "https://127.0.0.1",
      "https://10.0.0.1",
      "https://169.254.169.254",
      "https://2130706433",
      "https://0x7f000001",
      "https://017700000001",
      "https://127.1",
      "https://localhost",
      "https://intranet",
      "https://a.localhost",
      "https://printer.local",
      "https://metadata.google.internal",
      "https://router.home.arpa",
    ]) {
      refer(nation, PREFIX, federationTo(city, { endpoints: [endpoint] }));
      const client = createClient({
        url: nation.server.url,
        policy: TEST_POLICY,
        fetch: (input, init) => {
          asked.push(new URL(String(input)).origin);
          return fetch(input, init);
        },
      });
      expect(await failureOf(resolve(client, LAMP)), endpoint).toBe("not-allowed");
    }
    expect(new Set(asked)).toEqual(new Set([nation.server.url]));
    expect(city.server.questions).toEqual([]);
  });

  test("redirects, endless answers and silence", async () => {
    const { city, nation } = await referring();
    const client = createClient({ url: nation.server.url, policy: TEST_POLICY, timeoutMs: 300 });
    city.server.lie(() => ({ status: 307, headers: { location: "http://127.0.0.1:1/" } }));
    expect(await failureOf(resolve(client, LAMP, HERE))).toBe("redirect");
    city.server.lie(() => ({ headers: { "content-length": "9999999999" }, body: "x" }));
    expect(await failureOf(resolve(client, LAMP, HERE))).toMatch(/too-large|network/);
    city.server.lie(() => "written");
    expect(await failureOf(resolve(client, LAMP, HERE))).toBe("timeout");
  });
});

test("a list of what lies below says that another network has it", async () => {
  const { client } = await referring();
  const parts = [];
  for await (const part of list(client, BUREAU)) parts.push(part);
  expect(parts).toMatchObject([{ entries: [], referral: { prefix: PREFIX } }]);
  for await (const part of list(client, PREFIX)) expect(part.referral).toBeNull();
});
