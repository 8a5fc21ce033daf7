import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { type City, openCity, type Running, startServer } from "../../api/city.testing.ts";
import { loadPageAssets } from "../assets.ts";
import { type Claim, checkClaim } from "./check.ts";

const LAMP = "MA.156.1301.01/60.10000000.1/000123";

let city: City;
let server: Running;
let network: { policy: { logKeys: readonly string[] } };
beforeAll(async () => {
  city = await openCity();
  server = await startServer(city.registry);
  network = await (await server.get("/v1/network")).json();
  return () => server.close();
});
afterEach(() => vi.unstubAllGlobals());

const CLAIM: Claim = {
  code: LAMP,
  kind: "record",
  version: "2",
  status: "active",
  moment: "",
  height: 11,
  title: "北街1号路灯",
  holder: "Sample urban management bureau",
};

async function proofOf(code: string, query = ""): Promise<Uint8Array> {
  return new Uint8Array(
    await (await server.get(`/v1/proofs/${code}?delegations=true${query}`)).arrayBuffer(),
  );
}

/** Storage as a browser keeps it for a site. */
function storage(initial: Record<string, string> = {}): Record<string, string> {
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => initial[name] ?? null,
    setItem: (name: string, value: string) => {
      initial[name] = value;
    },
  });
  return initial;
}

describe("what the browser checks", () => {
  test("is verified where the proof says what the page says", async () => {
    const checked = checkClaim(CLAIM, await proofOf(LAMP), network);
    expect(checked).toMatchObject({ state: "verified", answer: { checkpoint: { height: 11 } } });
    expect(checked.state === "verified" && checked.hashes).toBeGreaterThan(5);
    const never = {
      ...CLAIM,
      code: "MA.999",
      kind: "never-issued",
      version: "",
      status: "",
      title: undefined,
    };
    expect(checkClaim(never, await proofOf("MA.999"), network).state).toBe("verified");
    const inRange = "MA.156.1301.01/60.10000000.2/000044";
    const range = { ...CLAIM, code: inRange, kind: "in-range", title: "Bench" };
    expect(checkClaim(range, await proofOf(inRange), network).state).toBe("verified");
    expect(checkClaim({ ...range, title: "Lamp" }, await proofOf(inRange), network).state).toBe("failed");
    const inBatch = "MA.156.1301.02/60.10000000.1/900001151";
    const batch = { ...CLAIM, code: inBatch, kind: "in-batch", title: "第2站", holder: "示例交通部门" };
    expect(checkClaim(batch, await proofOf(inBatch), network).state).toBe("verified");
    const earlier = { ...CLAIM, version: "1", moment: "version=1" };
    expect(checkClaim(earlier, await proofOf(LAMP, "&version=1"), network).state).toBe("verified");
  });

  test("is not verified where it says something else, or proves nothing", async () => {
    const proof = await proofOf(LAMP);
    const lies: readonly Partial<Claim>[] = [
      { version: "3" },
      { status: "retired" },
      { kind: "never-issued" },
      { code: "MA.156" },
      { code: "MA" },
      { title: "Lamp 2" },
      { title: undefined },
      { holder: "Sample traffic department" },
    ];
    for (const lie of lies) {
      expect(checkClaim({ ...CLAIM, ...lie }, proof, network).state, JSON.stringify(lie)).toBe("failed");
    }
    const broken = proof.slice();
    broken[broken.length - 5]! ^= 1;
    expect(checkClaim(CLAIM, broken, network).state).toBe("failed");
    expect(checkClaim(CLAIM, new Uint8Array(3), network).state).toBe("failed");
    for (const other of [null, {}, { policy: { ...network.policy, quorum: 9 } }]) {
      expect(checkClaim(CLAIM, proof, other)).toMatchObject({ state: "failed" });
    }
  });

  test("is out of date where a later block says otherwise", async () => {
    expect(checkClaim({ ...CLAIM, version: "1", height: 8 }, await proofOf(LAMP), network).state).toBe(
      "outdated",
    );
  });

  test("remembers key and height between visits, and holds the registry to them", async () => {
    const kept = storage();
    const proof = await proofOf(LAMP);
    expect(checkClaim(CLAIM, proof, network).state).toBe("verified");
    expect(JSON.parse(kept["cityroot.seen"]!)).toEqual({ logKeys: network.policy.logKeys, height: 11 });
    storage({
      "cityroot.seen": JSON.stringify({ logKeys: ["gone", ...network.policy.logKeys], height: 12 }),
    });
    const older = checkClaim(CLAIM, proof, network);
    expect(older).toMatchObject({ state: "failed", reason: expect.stringContaining("checkpoint-old") });
    const other = storage({ "cityroot.seen": JSON.stringify({ logKeys: ["another"], height: 50 }) });
    expect(checkClaim(CLAIM, proof, network).state).toBe("changed");
    expect(JSON.parse(other["cityroot.seen"]!).logKeys, "a new key is not learned silently").toEqual([
      "another",
    ]);
  });

  test("does without storage, and with what someone else left there", async () => {
    const proof = await proofOf(LAMP);
    for (const left of ["{", "null", "7", '{"logKeys":1,"height":9}', '{"logKeys":["x"],"height":"9"}']) {
      storage({ "cityroot.seen": left });
      expect(checkClaim(CLAIM, proof, network).state, left).toBe("verified");
    }
    vi.stubGlobal("localStorage", undefined);
    expect(checkClaim(CLAIM, proof, network).state).toBe("verified");
  });
});

test("the script is small, whole, and free of the server's parts", async () => {
  const { script, style } = await loadPageAssets();
  const text = Buffer.from(script.body).toString("utf8");
  expect(script.brotli.length).toBeLessThan(40_000);
  expect(style.brotli.length).toBeLessThan(6_000);
  expect(text).not.toMatch(/\bimport\s*["'{]|require\(|node:|process\.|\bBuffer\./);
});
