// Where the time of a block goes in the application, with nothing beside it: the same calls that CometBFT makes.
import { Session } from "node:inspector/promises";
import { fileURLToPath } from "node:url";
import { blockExecutor } from "@cityroot/node/engine/cometbft/block-executor";
import { checkedParcels } from "@cityroot/node/engine/cometbft/checked-parcels";
import { encodeParcel } from "@cityroot/node/engine/cometbft/parcel";
import { ensureGenesis, openStoredLedger } from "@cityroot/node/engine/open-ledger";
import { readHome } from "@cityroot/node/home/home";
import { startSignaturePool } from "@cityroot/node/signature/signature-pool";
import { issueOf, newHome, signed } from "../fixture.ts";

/** Milliseconds of one block, medians, and the functions that took most of the processor's time. */
export type BlockTime = {
  readonly checkMs: number;
  readonly finalizeMs: number;
  readonly commitMs: number;
  /** Share of the time of each function, without what it calls, from the largest. */
  readonly profile: readonly { readonly name: string; readonly share: number }[];
};

const PARCEL = 20;
const BLOCKS = 30;
const WARM_UP = 10;
const FUNCTIONS = 12;

/** Checks, works out and commits blocks of so many signed transactions of one operation each. */
export async function measureBlockTime(transactions: number): Promise<BlockTime> {
  const home = readHome(newHome(0));
  const store = await ensureGenesis(home);
  const executor = blockExecutor(openStoredLedger(home, store), store);
  const checked = checkedParcels(startSignaturePool(0));
  const times: { readonly check: number; readonly finalize: number; readonly commit: number }[] = [];
  const session = new Session();
  session.connect();
  let serial = 1;
  for (let block = 1; block <= BLOCKS + WARM_UP; block++) {
    const parcels: Uint8Array[] = [];
    for (let at = 0; at < transactions; at += PARCEL) {
      const size = Math.min(PARCEL, transactions - at);
      parcels.push(
        encodeParcel(Array.from({ length: size }, () => signed([issueOf(serial++)], block + 1_000))),
      );
    }
    if (block === WARM_UP + 1) {
      await session.post("Profiler.enable");
      await session.post("Profiler.start");
    }
    const begun = performance.now();
    for (const parcel of parcels) await checked.check([parcel]);
    const atFinalize = performance.now();
    executor.finalize({
      consensusHeight: block,
      digest: new Uint8Array(32).fill(block),
      timeMs: 1_800_000_000_000 + block,
      transactions: (await checked.check(parcels)).flatMap((parcel) => (parcel.ok ? parcel.value : [])),
      misbehaviour: [],
    });
    const atCommit = performance.now();
    await executor.commit();
    checked.forget(parcels);
    if (block <= WARM_UP) continue;
    times.push({
      check: atFinalize - begun,
      finalize: atCommit - atFinalize,
      commit: performance.now() - atCommit,
    });
  }
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  await executor.close();
  await store.close();
  const medianMs = (part: "check" | "finalize" | "commit"): number =>
    times.map((time) => time[part]).sort((a, b) => a - b)[Math.floor(times.length / 2)]!;
  return {
    checkMs: medianMs("check"),
    finalizeMs: medianMs("finalize"),
    commitMs: medianMs("commit"),
    profile: sharesOf(profile),
  };
}

type Profile = {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
};

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
/** What the loop of events does between two blocks, and this bench's own signing. */
const APART = new Set(["(idle)", "(program)", "(root)", "signed", "sign", "post"]);

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profile): BlockTime["profile"] {
  const names = new Map(
    nodes.map(({ id, callFrame }) => {
      const file = callFrame.url.replace(`file://${ROOT}`, "").replace(/^.*node_modules\//, "");
      // What the profiler finds no name for has none, or that of the symbol before it: all of it is libsodium.
      if (/^(extension_.*|custom_gc|)$/.test(callFrame.functionName) && callFrame.url === "")
        return [id, "libsodium"];
      return [id, callFrame.url === "" ? callFrame.functionName : `${callFrame.functionName} (${file})`];
    }),
  );
  const apart = new Set(
    nodes.filter(({ callFrame }) => APART.has(callFrame.functionName)).map(({ id }) => id),
  );
  const timeOf = new Map<string, number>();
  let total = 0;
  for (const [at, id] of samples.entries()) {
    if (apart.has(id)) continue;
    const time = timeDeltas[at] ?? 0;
    total += time;
    const name = names.get(id) ?? "";
    timeOf.set(name, (timeOf.get(name) ?? 0) + time);
  }
  return [...timeOf]
    .sort(([, a], [, b]) => b - a)
    .slice(0, FUNCTIONS)
    .map(([name, time]) => ({ name, share: time / total }));
}
