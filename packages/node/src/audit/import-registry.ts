import { createHash } from "node:crypto";
import { createReadStream, existsSync, readdirSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Readable } from "node:stream";
import { type Genesis, genesisFromJson, networkOf } from "@cityroot/core/genesis";
import { equalBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { parseCheckpoint } from "@cityroot/core/log/checkpoint";
import { parseNote } from "@cityroot/core/log/note";
import { decodeFrontier, frontierRoot } from "@cityroot/core/log/tree";
import { createHome, readHome } from "../home/home.ts";
import { openFolderPayloadStore } from "../payload/folder-payload-store.ts";
import type { PayloadStore } from "../payload/payload-store.ts";
import { nativeSigner } from "../signature/native-ed25519.ts";
import { startSignaturePool } from "../signature/signature-pool.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openRegistryStore } from "../store/registry-store.ts";
import { EXPORT_FORMAT, type ExportHead, FRAME_HEAD_BYTES, FRAME_KINDS } from "./export-registry.ts";
import { HistoryError, replayBlocks } from "./replay-blocks.ts";

const KINDS: readonly number[] = Object.values(FRAME_KINDS);

/** Longest head line and longest block that an import takes, in bytes. */
const HEAD_BYTES_MAX = 16 * 1024 * 1024;
const BLOCK_BYTES_MAX = 64 * 1024 * 1024;

/** What may be in the folder of a home before, and what makes it one. */
const CONSENSUS = "consensus";
const CONFIG = "config.json";

/** What an import made. */
export type ImportReport = { readonly network: string; readonly height: number; readonly payloads: number };

/**
 * Makes a home out of an export: every block is worked out again, so that the new registry rests on nothing but the
 * export's genesis and signatures. The home gets a checkpoint key of its own and the export's origin. Nothing is left
 * of a home whose import fails. The folder may hold the keys of a consensus, for a registry that goes on as a network.
 */
export async function importRegistry(
  path: string,
  homePath: string,
  onProgress: (done: number, total: number) => void = () => {},
  signatureProcesses: number = Math.max(1, availableParallelism() - 1),
): Promise<ImportReport> {
  installNativeFunctions();
  const isPrepared = existsSync(homePath);
  if (isPrepared && readdirSync(homePath).some((name) => name !== CONSENSUS))
    throw new HistoryError(
      `${homePath} exists already: name a folder that does not, or that holds the keys of a consensus and nothing else`,
    );
  // It becomes a home when it is whole, so that a node can never start on half a history.
  const unfinished = `${homePath}.import`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    const report = await readInto(path, unfinished, onProgress, signatureProcesses);
    if (isPrepared) fillHome(unfinished, homePath);
    else renameSync(unfinished, homePath);
    return report;
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    throw cause;
  }
}

/** Puts all of a home into a folder that holds the keys of its consensus. */
function fillHome(from: string, homePath: string): void {
  const names = readdirSync(from).filter((name) => name !== CONFIG);
  // The configuration comes last: a home without it was not finished.
  for (const name of [...names, CONFIG]) renameSync(`${from}/${name}`, `${homePath}/${name}`);
  rmdirSync(from);
}

async function readInto(
  path: string,
  homePath: string,
  onProgress: (done: number, total: number) => void,
  signatureProcesses: number,
): Promise<ImportReport> {
  const file = exportReader(path);
  try {
    return await readFile(file, homePath, onProgress, signatureProcesses);
  } finally {
    await file.close();
  }
}

async function readFile(
  file: ExportReader,
  homePath: string,
  onProgress: (done: number, total: number) => void,
  signatureProcesses: number,
): Promise<ImportReport> {
  const head = await readHead(file);
  const genesis = genesisOf(head);
  createHome(homePath, genesis, { origin: head.origin });
  const home = readHome(homePath);
  const store = openRegistryStore(home.dataFolder);
  const signatures = startSignaturePool(signatureProcesses);
  const payloads = openFolderPayloadStore(home.payloadFolder);
  let payloadCount = 0;
  try {
    const { name, seed, verifier } = home.checkpointKey;
    const rest: { kind: number; length: number }[] = [];
    const height = await replayBlocks({
      genesis,
      blocks: blocksOf(file, rest),
      store,
      folder: home.dataFolder,
      signer: { origin: head.origin, name, keyId: verifier.keyId, sign: nativeSigner(seed).sign },
      signatures,
      onBlock: (at) => onProgress(at, head.height),
    });
    for (let frame = rest[0]; frame?.kind === FRAME_KINDS.payload; frame = await file.frame()) {
      await takePayload(payloads, file.chunks(frame.length));
      payloadCount += 1;
    }
    await file.finish();
    const stored = store.head();
    if (stored === undefined) throw new HistoryError("the export holds no block");
    checkEnd(head, height, stored);
    return { network: head.network, height, payloads: payloadCount };
  } finally {
    payloads.close();
    signatures.close();
    await store.close();
  }
}

async function takePayload(payloads: PayloadStore, chunks: AsyncIterable<Buffer>): Promise<void> {
  let failure: unknown;
  const told = async function* () {
    try {
      yield* chunks;
    } catch (cause) {
      failure = cause;
      throw cause;
    }
  };
  const stored = await payloads.put(Readable.from(told())).catch((cause: unknown) => {
    // Where the export itself ends too early, that is what there is to say.
    throw failure ?? cause;
  });
  if (!stored.ok) throw new HistoryError(`a payload is refused: ${stored.rejection.detail}`);
}

/** Reads an export piece by piece, with the digest of what was read. */
type ExportReader = {
  readonly take: (bytes: number) => Promise<Buffer>;
  readonly line: () => Promise<string>;
  /** The next frame's head; the end's sum is checked when it is met. */
  readonly frame: () => Promise<{ kind: number; length: number }>;
  readonly chunks: (length: number) => AsyncIterable<Buffer>;
  readonly finish: () => Promise<void>;
  readonly close: () => Promise<unknown>;
};

function exportReader(path: string): ExportReader {
  const source = createReadStream(path)[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const digest = createHash("sha256");
  let pending: Buffer = Buffer.alloc(0);
  let ended = false;
  const fill = async (): Promise<void> => {
    const next = await source.next();
    if (next.done === true) throw new HistoryError("the export is cut off");
    pending = pending.length === 0 ? next.value : Buffer.concat([pending, next.value]);
  };
  const cut = (bytes: number): Buffer => {
    const piece = pending.subarray(0, bytes);
    pending = pending.subarray(bytes);
    return piece;
  };
  const takeUnhashed = async (bytes: number): Promise<Buffer> => {
    while (pending.length < bytes) await fill();
    return cut(bytes);
  };
  const take = async (bytes: number): Promise<Buffer> => {
    const piece = await takeUnhashed(bytes);
    digest.update(piece);
    return piece;
  };
  return {
    take,
    line: async () => {
      let end = pending.indexOf(10);
      while (end < 0) {
        if (pending.length > HEAD_BYTES_MAX) throw new HistoryError("the export begins with no head line");
        await fill();
        end = pending.indexOf(10);
      }
      const text = (await take(end + 1)).toString("utf8");
      return text.slice(0, -1);
    },
    frame: async () => {
      const head = await takeUnhashed(FRAME_HEAD_BYTES);
      const kind = head[0]!;
      const length = Number(head.readBigUInt64BE(1));
      if (!KINDS.includes(kind))
        throw new HistoryError(`the export holds a frame of the unknown kind ${kind}`);
      if (kind !== FRAME_KINDS.end) {
        digest.update(head);
        return { kind, length };
      }
      const sum = await takeUnhashed(32);
      if (!equalBytes(sum, digest.digest())) throw new HistoryError("the export is damaged: its sum differs");
      ended = true;
      return { kind, length };
    },
    chunks: async function* (length) {
      for (let left = length; left > 0; ) {
        if (pending.length === 0) await fill();
        const piece = cut(Math.min(left, pending.length));
        digest.update(piece);
        left -= piece.length;
        yield piece;
      }
    },
    finish: async () => {
      if (!ended) throw new HistoryError("the export holds a block after its payloads");
      const more = await source.next();
      if (more.done !== true || pending.length > 0)
        throw new HistoryError("the export goes on after its end");
    },
    close: async () => source.return?.(),
  };
}

async function readHead(file: ExportReader): Promise<ExportHead> {
  const line = await file.line();
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (cause) {
    throw new HistoryError("the export begins with no head line", { cause });
  }
  const head = value as Partial<ExportHead> | null;
  if (head?.format !== EXPORT_FORMAT)
    throw new HistoryError(`the file is no export of the form ${EXPORT_FORMAT}`);
  for (const member of ["network", "origin", "checkpoint"] as const) {
    if (typeof head[member] !== "string") throw new HistoryError(`the export's ${member} is no text`);
  }
  return head as ExportHead;
}

function genesisOf(head: ExportHead): Genesis {
  const genesis = genesisFromJson(head.genesis as Json);
  if (!genesis.ok) throw new HistoryError(`the export's genesis: ${genesis.rejection.detail}`);
  const { id } = networkOf(genesis.value);
  if (id !== head.network)
    throw new HistoryError(`the export's genesis is that of ${id}, and it says to be of ${head.network}`);
  return genesis.value;
}

async function* blocksOf(
  file: ExportReader,
  rest: { kind: number; length: number }[],
): AsyncIterable<Uint8Array> {
  for (;;) {
    const frame = await file.frame();
    if (frame.kind !== FRAME_KINDS.block) {
      rest.push(frame);
      return;
    }
    if (frame.length > BLOCK_BYTES_MAX)
      throw new HistoryError(`a block of ${frame.length} bytes is too large`);
    yield await file.take(frame.length);
  }
}

/** The checkpoint that the export carries is of the history that came out. */
function checkEnd(
  head: ExportHead,
  height: number,
  stored: { readonly stateRoot: Uint8Array; readonly logFrontier: Uint8Array },
): void {
  const note = parseNote(Buffer.from(head.checkpoint, "utf8"));
  const checkpoint = note.ok ? parseCheckpoint(note.value.text) : note;
  const frontier = decodeFrontier(stored.logFrontier);
  if (!checkpoint.ok || !frontier.ok) throw new HistoryError("the export's checkpoint is malformed");
  const { value } = checkpoint;
  const agrees =
    value.height === height &&
    equalBytes(value.stateRoot, stored.stateRoot) &&
    value.size === frontier.value.size &&
    equalBytes(value.logRoot, frontierRoot(frontier.value));
  if (!agrees) throw new HistoryError("what came of the blocks is not what the export's checkpoint says");
}
