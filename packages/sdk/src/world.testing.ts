import { bytesToHex } from "@cityroot/core/hex";
import { type TestHolder, testHolder } from "@cityroot/core/ledger.testing";
import { TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import {
  NATION,
  type Snapshot,
  type TestRegistry,
  testRegistry,
} from "@cityroot/core/proof/registry.testing";
import { type Client, type CreateClientParameters, createClient } from "./client.ts";
import { keySet } from "./key-set.ts";
import { delegate, issue, issueRange, update } from "./operation.ts";
import { prepareBatch } from "./prepare-batch.ts";
import { serveRegistry, storeItems, type TestServer } from "./registry-server.testing.ts";
import { type Signer, seedSigner } from "./signer.ts";

/** The city that holds {@link CITY_PREFIX}. */
export const CITY: TestHolder = testHolder("Shijiazhuang", 2);
export const CITY_ID: string = bytesToHex(CITY.id);
export const CITY_SIGNER: Signer = seedSigner(CITY.seeds[0]!);
export const CITY_PREFIX = "MA.156.1301";

/** A record that was changed twice. */
export const LAMP = "MA.156.1301/60.10000000.lamp/1";
/** The first of a hundred codes of a range, one within, and one that lies between them and is none of them. */
export const RANGE = { first: "MA.156.1301/60.10000000.bin/001", within: "MA.156.1301/60.10000000.bin/042" };
/** Items of a batch, and a code between them. */
export const BATCH = {
  codes: ["a", "c", "e", "g"].map((name) => `MA.156.1301/60.10000000.tree/${name}`),
  between: "MA.156.1301/60.10000000.tree/d",
};
export const NEVER = "MA.156.1301/60.10000000.lamp/2";

/** A served registry with something of everything in it. */
export type TestWorld = {
  readonly registry: TestRegistry;
  readonly server: TestServer;
  /** A new client of the registry that has seen nothing. */
  readonly client: (parameters?: Partial<CreateClientParameters>) => Client;
  /** Answers are given as of this height from now on; as of the newest when undefined. */
  readonly answerAt: (height: number | undefined) => void;
};

/** Makes a registry, issues what the constants of this file name, and serves it. */
export async function testWorld(): Promise<TestWorld> {
  const registry = testRegistry();
  const keys = keySet({ keys: [CITY_SIGNER.publicKey] });
  const city = { name: { en: "Shijiazhuang" }, keys };
  registry.run(NATION, delegate({ prefix: CITY_PREFIX, holder: city, class: "division" }));
  registry.run(CITY, issue({ code: LAMP, class: "lamp" }));
  registry.run(CITY, update({ code: LAMP, attributes: { material: "steel" } }));
  registry.run(CITY, issueRange({ first: RANGE.first, digits: 3, count: 100, class: "lamp" }));
  const items = BATCH.codes.map((code, at) => ({ code, attributes: { name: { en: `item ${at}` } } }));
  const batch = await prepareBatch({ class: "tree", items });
  storeItems(registry, batch.payload);
  registry.run(CITY, batch.operation);
  registry.run(CITY, update({ code: LAMP, attributes: { material: "wood" } }));
  let height: number | undefined;
  const at = (): Snapshot => registry.at(height);
  const server = await serveRegistry(registry, at);
  return {
    registry,
    server,
    client: (parameters = {}) => createClient({ url: server.url, policy: TEST_POLICY, ...parameters }),
    answerAt: (next) => {
      height = next;
    },
  };
}
