import { type Bundle, decodeBundle, encodeBundle } from "@cityroot/core/proof/bundle";
import { signTestCheckpoint, TEST_POLICY } from "@cityroot/core/proof/checkpoint.testing";
import { NATION, type Snapshot, testRegistry } from "@cityroot/core/proof/registry.testing";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { buildTransaction } from "./build-transaction.ts";
import { createClient } from "./client.ts";
import { isProofError } from "./error.ts";
import { getCheckpoint } from "./get-checkpoint.ts";
import { getItem } from "./get-item.ts";
import { getNetwork } from "./get-network.ts";
import { getPrefix } from "./get-prefix.ts";
import { history } from "./history.ts";
import { list } from "./list.ts";
import { issue } from "./operation.ts";
import { proof, type TestAnswer } from "./registry-server.testing.ts";
import { resolve } from "./resolve.ts";
import {
  BATCH,
  CITY_ID,
  CITY_PREFIX,
  LAMP,
  NEVER,
  RANGE,
  type TestWorld,
  testWorld,
} from "./world.testing.ts";

/**
 * Goal: whatever a server answers, a client gives what a proof under the policy shows, or throws.
 * Method: a server that lies in every way that we could think of, over HTTP; its forgeries begin with real bundles.
 */
let world: TestWorld;
beforeAll(async () => {
  world = await testWorld();
});
afterEach(() => {
  world.server.lie(undefined);
  world.answerAt(undefined);
});
afterAll(() => world.server.close());

const NO_QUERY = new URLSearchParams();
const WITH_CHAIN = new URLSearchParams({ delegations: "true" });

function bundleOf(code: string, query: URLSearchParams = WITH_CHAIN, snapshot?: Snapshot): Bundle {
  const { body } = proof(snapshot ?? world.registry.at(), code, query);
  return decodeBundle(body as Uint8Array)!;
}

function answerOf(bundle: Bundle): TestAnswer {
  return { type: "application/vnd.cityroot.proof", body: encodeBundle(bundle) };
}

/** Every proof is answered with this bundle. */
function serve(bundle: Bundle): void {
  world.server.lie(({ path }) => (path.startsWith("v1/proofs/") ? answerOf(bundle) : undefined));
}

async function failureOf(action: Promise<unknown>): Promise<string> {
  try {
    await action;
  } catch (error) {
    if (isProofError(error)) return error.failure;
    throw error;
  }
  return "believed";
}

function flipLast(bytes: Uint8Array): Uint8Array {
  const changed = bytes.slice();
  changed[changed.length - 1]! ^= 1;
  return changed;
}

describe("forged bundles", () => {
  test("a changed record", async () => {
    const bundle = bundleOf(LAMP);
    const [run, ...others] = bundle.runs;
    const entries = run!.entries.map(({ key, value }) => ({ key, value: flipLast(value) }));
    serve({ ...bundle, runs: [{ ...run!, entries }, ...others] });
    expect(await failureOf(resolve(world.client(), LAMP))).toBe("run-invalid");
  });

  test("a changed way to the root, of every run", async () => {
    const bundle = bundleOf(LAMP);
    for (const at of bundle.runs.keys()) {
      const runs = bundle.runs.map((run, index) =>
        index === at ? { ...run, path: flipLast(run.path) } : run,
      );
      serve({ ...bundle, runs });
      expect(await failureOf(resolve(world.client(), LAMP)), `run ${at}`).toBe("run-invalid");
    }
  });

  test("never issued, for a code that was: by what is true of another, and by leaving it out", async () => {
    serve(bundleOf("MA.100"));
    for (const code of [LAMP, RANGE.first, BATCH.codes[1]!]) {
      expect(await failureOf(resolve(world.client(), code)), code).toBe("not-shown");
    }
    const { source, note, sealPath } = world.registry.at();
    const at = source.entries.findIndex(({ key }) => key === bundleOf(LAMP).runs[0]!.entries[0]!.key);
    const run = source.runOf(source.entries[at - 1]!.key, source.entries[at + 1]!.key);
    const entries = run.entries.filter((_, index) => index !== 1);
    serve({ note, sealPath, runs: [{ ...run, entries }], items: [], versions: [] });
    expect(await failureOf(resolve(world.client(), LAMP, { delegations: false }))).toBe("run-invalid");
  });

  test("never issued, for an item of a batch: by neighbours that are none", async () => {
    const between = bundleOf(BATCH.between, NO_QUERY);
    const outer = bundleOf(BATCH.codes[0]!, NO_QUERY).items.concat(bundleOf(BATCH.codes[3]!, NO_QUERY).items);
    serve({ ...between, items: outer });
    expect(await failureOf(resolve(world.client(), BATCH.between, { delegations: false }))).toBe(
      "item-invalid",
    );
    const moved = between.items.map((item) => ({ ...item, index: item.index + 1 }));
    serve({ ...between, items: moved });
    expect(await failureOf(resolve(world.client(), BATCH.between, { delegations: false }))).toBe(
      "item-invalid",
    );
    expect(await failureOf(getItem(world.client(), BATCH.codes[1]!))).toBe("item-invalid");
  });

  test("a chain of delegations with a link left out", async () => {
    const bundle = bundleOf(LAMP);
    for (const at of bundle.runs.keys()) {
      serve({ ...bundle, runs: bundle.runs.filter((_, index) => index !== at) });
      expect(await failureOf(resolve(world.client(), LAMP)), `run ${at}`).toBe("not-shown");
    }
    serve(bundleOf(LAMP, NO_QUERY));
    expect(await failureOf(getPrefix(world.client(), CITY_PREFIX))).toBe("not-shown");
  });

  test("another version than the one asked for", async () => {
    const first = bundleOf(LAMP, new URLSearchParams({ version: "1" }));
    const versions = async (): Promise<void> => {
      for await (const _ of history(world.client(), LAMP));
    };
    world.server.lie(({ query }) => (query.get("version") === "2" ? answerOf(first) : undefined));
    expect(await failureOf(versions())).toBe("not-shown");
    const changed = first.versions.map((version) => ({ ...version, bytes: flipLast(version.bytes) }));
    world.server.lie(({ query }) =>
      query.get("version") === "1" ? answerOf({ ...first, versions: changed }) : undefined,
    );
    expect(await failureOf(versions())).toBe("version-invalid");
  });
});

describe("checkpoints", () => {
  test("one that fewer witnesses cosigned than the policy wants", async () => {
    const bundle = bundleOf(LAMP);
    const { checkpoint } = world.registry.at();
    serve({ ...bundle, note: signTestCheckpoint(checkpoint, [3]) });
    await expect(resolve(world.client(), LAMP)).rejects.toMatchObject({
      name: "ProofError",
      failure: "checkpoint-refused",
      message: expect.stringContaining("too-few-cosignatures"),
    });
    serve({ ...bundle, note: signTestCheckpoint(checkpoint, [2, 3]) });
    expect((await resolve(world.client(), LAMP)).standing).toBe("record");
  });

  test("one of another log, and one that the log's key did not sign", async () => {
    const bundle = bundleOf(LAMP);
    const { checkpoint } = world.registry.at();
    serve({ ...bundle, note: signTestCheckpoint({ ...checkpoint, origin: "other.example/log" }) });
    expect(await failureOf(resolve(world.client(), LAMP))).toBe("checkpoint-refused");
    serve({ ...bundle, note: signTestCheckpoint(checkpoint, [1, 2], new Uint8Array(32).fill(9)) });
    expect(await failureOf(resolve(world.client(), LAMP))).toBe("checkpoint-refused");
  });

  test("one whose state root is not the one that the log's tree ends with", async () => {
    const { checkpoint } = world.registry.at();
    const stateRoot = flipLast(checkpoint.stateRoot);
    const note = signTestCheckpoint({ ...checkpoint, stateRoot }, [1, 2, 3]);
    const { sealPath, runs } = bundleOf(LAMP);
    const client = world.client();
    for (const forged of [
      { note, sealPath },
      { note: world.registry.at().note, sealPath: [] },
    ]) {
      const bundle = { ...forged, runs, items: [], versions: [] };
      world.server.lie(() => answerOf(bundle));
      expect(await failureOf(resolve(client, LAMP))).toBe("checkpoint-unsealed");
      world.server.lie(() => answerOf({ ...bundle, runs: [] }));
      expect(await failureOf(getCheckpoint(client))).toBe("checkpoint-unsealed");
    }
    world.server.lie(undefined);
    expect((await resolve(client, LAMP)).standing, "and nothing of it was kept").toBe("record");
  });

  test("one that was kept without being sealed is not believed for that", async () => {
    const { checkpoint } = world.registry.at();
    const stateRoot = flipLast(checkpoint.stateRoot);
    const note = signTestCheckpoint({ ...checkpoint, stateRoot });
    const remember = { load: () => new TextDecoder().decode(note), save: () => {} };
    const { sealPath } = bundleOf(LAMP);
    world.server.lie(() => answerOf({ note, sealPath, runs: [], items: [], versions: [] }));
    expect(await failureOf(getCheckpoint(world.client({ remember })))).toBe("checkpoint-unsealed");
    world.server.lie(undefined);
  });

  test("one that is older than what was seen before it was asked for, by any action", async () => {
    const client = world.client();
    await resolve(client, LAMP);
    world.answerAt(5);
    const listAll = async (): Promise<void> => {
      for await (const _ of list(client, CITY_PREFIX));
    };
    expect(await failureOf(resolve(client, LAMP))).toBe("checkpoint-old");
    expect(await failureOf(getCheckpoint(client))).toBe("checkpoint-old");
    expect(await failureOf(getPrefix(client, CITY_PREFIX))).toBe("checkpoint-old");
    expect(await failureOf(listAll())).toBe("checkpoint-old");
    expect((await resolve(world.client(), LAMP)).verified.height, "a client that has seen nothing").toBe(5);
  });

  test("an older answer to a question that was asked before the newer one was seen is believed", async () => {
    const client = world.client();
    const early = proof(world.registry.at(4), LAMP, WITH_CHAIN);
    let answerNow = (): void => {};
    const isAsked = new Promise<void>((asked) => {
      world.server.lie(({ path }, response) => {
        if (path !== `v1/proofs/${LAMP}`) return undefined;
        answerNow = () => {
          response.writeHead(200, { "content-type": early.type });
          response.end(early.body);
        };
        asked();
        return "written";
      });
    });
    const older = resolve(client, LAMP);
    await isAsked;
    expect((await resolve(client, NEVER)).verified.height).toBe(6);
    answerNow();
    expect((await older).verified.height).toBe(4);
    expect(await client.checkpoints.floor()).toMatchObject({ height: 6 });
  });

  test("a newest one that is kept outlives the client", async () => {
    let kept: string | null = null;
    const remember = {
      load: () => kept,
      save: (note: string) => {
        kept = note;
      },
    };
    await resolve(world.client({ remember }), LAMP);
    expect(kept).toContain("height=6 ");
    world.answerAt(5);
    expect(await failureOf(resolve(world.client({ remember }), LAMP))).toBe("checkpoint-old");
    kept = "what someone else wrote there";
    expect((await resolve(world.client({ remember }), LAMP)).verified.height).toBe(5);
  });

  test("two that cannot both be true convict who signed them", async () => {
    const other = testRegistry();
    for (let number = 1; number <= 6; number++)
      other.run(NATION, issue({ code: `MA.156.${number}`, class: "x" }));
    const client = world.client();
    await resolve(client, LAMP);
    serve(bundleOf("MA.156.3", WITH_CHAIN, other.at()));
    const caught = await resolve(client, "MA.156.3").catch((error: unknown) => error);
    expect(caught).toMatchObject({ name: "ProofError", failure: "checkpoint-conflict" });
    const { evidence } = caught as { evidence: readonly string[] };
    expect(evidence).toHaveLength(2);
    for (const note of evidence) expect(note).toMatch(/height=6 .*\n\n\u2014 registry\.example\/test /);
  });
});

describe("lists", () => {
  const partsOf = async (limit?: number): Promise<string[]> => {
    const codes: string[] = [];
    const parameters = limit === undefined ? {} : { limit };
    for await (const { entries } of list(world.client(), CITY_PREFIX, parameters)) {
      codes.push(...entries.map(({ code }) => code));
    }
    return codes;
  };
  const forgeEach = async (forge: (bundle: Bundle) => Bundle): Promise<void> => {
    const honest = await fetch(`${world.server.url}/v1/lists/${CITY_PREFIX}?limit=500`);
    const answer = answerOf(forge(decodeBundle(new Uint8Array(await honest.arrayBuffer()))!));
    world.server.lie(({ path }) => (path.startsWith("v1/lists/") ? answer : undefined));
  };

  test("a gap, an added entry, an end before the end", async () => {
    const without = (bundle: Bundle, at: number): Bundle => {
      const [run] = bundle.runs;
      return { ...bundle, runs: [{ ...run!, entries: run!.entries.filter((_, index) => index !== at) }] };
    };
    for (const at of [0, 1, 2]) {
      await forgeEach((bundle) => without(bundle, at));
      expect(["run-invalid", "not-shown"], `without entry ${at}`).toContain(await failureOf(partsOf()));
    }
    await forgeEach((bundle) => without(bundle, bundle.runs[0]!.entries.length - 1));
    expect(["run-invalid", "not-shown"]).toContain(await failureOf(partsOf()));
    await forgeEach((bundle) => {
      const [run] = bundle.runs;
      const [first, ...rest] = run!.entries;
      const entries = [first!, { key: `${first!.key}\u0000` as never, value: first!.value }, ...rest];
      return { ...bundle, runs: [{ ...run!, entries }] };
    });
    expect(await failureOf(partsOf())).toBe("run-invalid");
    world.server.lie(undefined);
    expect(await partsOf()).toHaveLength(4);
  });

  test("a part that does not begin where the one before ended", async () => {
    world.server.lie(({ path, query }) => {
      if (path.startsWith("v1/lists/") && query.has("after")) query.set("after", RANGE.first);
      return undefined;
    });
    expect(await failureOf(partsOf(1))).toBe("not-shown");
  });

  test("the same part again and again ends", async () => {
    world.server.lie(({ path, query }) => {
      if (path.startsWith("v1/lists/")) query.delete("after");
      return undefined;
    });
    expect(await failureOf(partsOf(1))).toBe("not-shown");
  });
});

describe("what is said beside the proof", () => {
  test("JSON that disagrees with the bundle is not even asked for", async () => {
    const client = world.client();
    world.server.lie(({ path }) =>
      path.startsWith("v1/codes/")
        ? { body: JSON.stringify({ standing: "record", record: "stolen" }) }
        : undefined,
    );
    expect((await resolve(client, LAMP)).record?.attributes).toEqual({ material: "wood" });
    const paths = world.server.questions.slice(-1).map(({ path }) => path);
    expect(paths).toEqual([`v1/proofs/${LAMP}`]);
  });

  test("a server of another network is refused", async () => {
    const client = world.client({ network: "other-00000000" });
    expect(await failureOf(getNetwork(client))).toBe("network-other");
    expect(await failureOf(resolve(client, LAMP))).toBe("network-other");
    const first = world.client();
    const { id } = await getNetwork(first);
    expect(first.network).toBe(id);
    world.server.lie(() => ({ headers: { "cityroot-network": "other-00000000" }, body: "{}" }));
    expect(await failureOf(resolve(first, LAMP))).toBe("network-other");
    const policy = { ...TEST_POLICY, origin: "other.example/log" };
    world.server.lie(undefined);
    expect(await failureOf(getNetwork(createClient({ url: world.server.url, policy })))).toBe(
      "network-other",
    );
  });

  test("nobody signs for another network because a server says its name", async () => {
    const operations = [issue({ code: NEVER, class: "lamp" })];
    const build = (client = world.client()) => buildTransaction(client, { holder: CITY_ID, operations });
    const { id } = world.registry.ledger.ledger.network;
    const named = { id: "other-00000000", genesis: "00".repeat(32), protocol: 1, height: 6, time: "" };
    const body = JSON.stringify({ ...named, origin: TEST_POLICY.origin });
    world.server.lie(({ path }) => (path === "v1/network" ? { body } : undefined));
    expect((await build()).review.network, "the name is not even asked for").toBe(id);
    const misled = world.client();
    const headers = { "cityroot-network": named.id };
    world.server.lie(({ path, query }) =>
      path === "v1/network" ? { headers, body } : { ...proof(world.registry.at(), NEVER, query), headers },
    );
    expect((await getNetwork(misled)).id).toBe(named.id);
    expect(await failureOf(build(misled))).toBe("network-other");
    world.server.lie(() => answerOf(bundleOf(NEVER)));
    expect(await failureOf(build()), "a proof that does not show it").toBe("network-other");
  });

  test("a bundle that is none", async () => {
    world.server.lie(() => ({ type: "application/vnd.cityroot.proof", body: "no bundle" }));
    expect(await failureOf(resolve(world.client(), LAMP))).toBe("bundle-malformed");
  });
});
