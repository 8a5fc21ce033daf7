import { existsSync, renameSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Readable } from "node:stream";
import { type Genesis, genesisFromJson, networkOf } from "@cityroot/core/genesis";
import { equalBytes } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { parseCheckpoint } from "@cityroot/core/log/checkpoint";
import { parseNote } from "@cityroot/core/log/note";
import { decodeFrontier, frontierRoot } from "@cityroot/core/log/tree";
import { signerOf } from "../engine/open-ledger.ts";
import { createHome, type Home, readHome } from "../home/home.ts";
import { openFolderPayloadStore } from "../payload/folder-payload-store.ts";
import type { PayloadStore } from "../payload/payload-store.ts";
import { startSignaturePool } from "../signature/signature-pool.ts";
import { installNativeFunctions } from "../store/native-functions.ts";
import { openRegistryStore } from "../store/registry-store.ts";
import { type ExportReader, exportReader } from "./export-reader.ts";
import { EXPORT_FORMAT, type ExportHead, FRAME_KINDS } from "./export-registry.ts";
import { HistoryError, replayBlocks } from "./replay-blocks.ts";

/** Longest block that an import takes, in bytes. */
const BLOCK_BYTES_MAX = 64 * 1024 * 1024;

/** What an import made. */
export type ImportReport = { readonly network: string; readonly height: number; readonly payloads: number };

/**
 * Makes a home out of an export: every block is worked out again, so that the new registry rests on nothing but the
 * export's genesis and signatures. The home gets a checkpoint key of its own and the export's origin. Nothing is left
 * of a home whose import fails.
 */
export async function importRegistry(
  path: string,
  homePath: string,
  onProgress: (done: number, total: number) => void = () => {},
  signatureProcesses: number = Math.max(1, availableParallelism() - 1),
): Promise<ImportReport> {
  installNativeFunctions();
  if (existsSync(homePath)) throw new HistoryError(`${homePath} exists already: name a folder that does not`);
  // It becomes a home when it is whole, so that a node can never start on half a history.
  const unfinished = `${homePath}.import`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    const report = await readExport(path, async (file) => {
      const head = await readHead(file);
      createHome(unfinished, genesisOf(head), { origin: head.origin });
      const home = readHome(unfinished);
      return readInto(home, file, head, { folder: home.dataFolder, onProgress, signatureProcesses });
    });
    renameSync(unfinished, homePath);
    return report;
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    throw cause;
  }
}

/**
 * Takes an export into a home that has its keys and its configuration, and nothing of a registry yet: so a registry that one
 * node decided on goes on as a network. Every block is worked out again, as by {@link importRegistry}. Nothing is left of an
 * import that fails but payloads, which name themselves.
 */
export async function importIntoHome(
  path: string,
  homePath: string,
  onProgress: (done: number, total: number) => void = () => {},
  signatureProcesses: number = Math.max(1, availableParallelism() - 1),
): Promise<ImportReport> {
  installNativeFunctions();
  const home = readHome(homePath);
  if (existsSync(home.dataFolder))
    throw new HistoryError(`${home.dataFolder} holds a registry already: take it away, or take a new home`);
  const unfinished = `${home.dataFolder}.import`;
  rmSync(unfinished, { recursive: true, force: true });
  try {
    const report = await readExport(path, async (file) => {
      const head = await readHead(file);
      const { id } = networkOf(home.genesis);
      genesisOf(head);
      if (head.network !== id || head.origin !== home.config.origin)
        throw new HistoryError(
          `the export is of ${head.network} with the log ${head.origin}, the home of ${id} with ${home.config.origin}`,
        );
      return readInto(home, file, head, { folder: unfinished, onProgress, signatureProcesses });
    });
    renameSync(unfinished, home.dataFolder);
    return report;
  } catch (cause) {
    rmSync(unfinished, { recursive: true, force: true });
    throw cause;
  }
}

async function readExport<T>(path: string, read: (file: ExportReader) => Promise<T>): Promise<T> {
  const file = exportReader(path);
  try {
    return await read(file);
  } finally {
    await file.close();
  }
}

/** How an export is read into a home. */
type ReadOptions = {
  /** Folder of the store that is made. */
  readonly folder: string;
  readonly onProgress: (done: number, total: number) => void;
  readonly signatureProcesses: number;
};

async function readInto(
  home: Home,
  file: ExportReader,
  head: ExportHead,
  { folder, onProgress, signatureProcesses }: ReadOptions,
): Promise<ImportReport> {
  const store = openRegistryStore(folder);
  const signatures = startSignaturePool(signatureProcesses);
  const payloads = openFolderPayloadStore(home.payloadFolder);
  let payloadCount = 0;
  try {
    const rest: { kind: number; length: number }[] = [];
    const height = await replayBlocks({
      genesis: home.genesis,
      blocks: blocksOf(file, rest),
      ...{ store, folder, signatures, signer: signerOf(home) },
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
