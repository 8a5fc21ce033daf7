import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { encodeAddCheckpoint } from "@cityroot/core/log/add-checkpoint";
import { verifyCosignature } from "@cityroot/core/log/cosignature";
import { parseSignatureLines, parseVerifierKey, type VerifierKey } from "@cityroot/core/log/note";
import { type SignedLog, signedLog } from "@cityroot/core/log/signed-log.testing";
import { verifyNative } from "../signature/native-ed25519.ts";
import { type RunningWitness, type StartWitnessOptions, startWitness } from "./start-witness.ts";
import type { WitnessConfigJson } from "./witness-config.ts";
import { addWatchedLog, createWitnessHome } from "./witness-home.ts";

/** Folders of one test file, which go away with it. */
export function openFolders() {
  const base = mkdtempSync(`${tmpdir()}/cityroot-witness-`);
  let count = 0;
  return {
    next: (): string => `${base}/${count++}`,
    remove: (): void => rmSync(base, { recursive: true, force: true }),
  };
}

/** Makes the home of a witness of one log. */
export async function makeHome(path: string, log: SignedLog, changes: Partial<WitnessConfigJson> = {}) {
  const home = await createWitnessHome(path, "witness.example/w1", { logLevel: "fatal", ...changes });
  await addWatchedLog(home, log.key.name, log.key);
  return home;
}

/** Starts a witness on any free port. */
export function startHere(home: string, options: Partial<StartWitnessOptions> = {}): Promise<RunningWitness> {
  return startWitness({ home, listen: { host: "127.0.0.1", port: 0 }, ...options });
}

/** The key of a running witness. */
export function keyOf({ key }: Pick<RunningWitness, "key">): VerifierKey {
  const parsed = parseVerifierKey(key);
  if (!parsed.ok) throw new Error(parsed.fault.field);
  return parsed.value;
}

/** Body of a request for a size of a log. */
export function bodyOf(
  log: SignedLog,
  oldSize: number,
  size: number,
  path = log.pathOf(oldSize, size),
): Uint8Array {
  return encodeAddCheckpoint({ oldSize, path, note: log.noteAt(size) });
}

/** What a witness answered. */
export type Answered = { readonly status: number; readonly type: string | null; readonly text: string };

/** Posts a body to a witness, under the media type that it is given, or none. */
export async function ask(address: string, body: Uint8Array | string, type?: string): Promise<Answered> {
  const response = await fetch(`${address}/add-checkpoint`, {
    method: "POST",
    body: body as BodyInit,
    ...(type !== undefined && { headers: { "content-type": type } }),
  });
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    text: await response.text(),
  };
}

/** Time of the one cosignature in an answer of 200, which has to hold over a size of the log. */
export function cosignedAt(answer: Answered, log: SignedLog, size: number, key: VerifierKey): number {
  const lines = parseSignatureLines(answer.text);
  if (answer.status !== 200 || !lines.ok || lines.value.length !== 1) {
    throw new Error(`${answer.status} is no cosignature: ${answer.text}`);
  }
  const timeS = verifyCosignature(log.noteAt(size).text, lines.value[0]!, key, verifyNative);
  if (timeS === undefined) throw new Error("the cosignature does not hold");
  return timeS;
}

/** Two histories of one log that part at a size. */
export function forkedLogs(sizeMax: number, forkAt: number): readonly [SignedLog, SignedLog] {
  return [signedLog(sizeMax), signedLog(sizeMax, { forkAt, history: " of another history" })];
}
