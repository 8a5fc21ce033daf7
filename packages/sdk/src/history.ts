import type { Code } from "@cityroot/codes/ma/code";
import type { Client } from "./client.ts";
import { ProofError } from "./error.ts";
import { fetchAnswer } from "./fetch-answer.ts";
import { type Resolution, type ResolvedRecord, resolutionOf, type Verification } from "./resolution.ts";
import { codeOf } from "./verify-bundle.ts";

/** See {@link history}. */
export type HistoryParameters = {
  /** Ends the current request early. */
  readonly signal?: AbortSignal;
};

/** A version of a record with what proves it. */
export type HistoryEntry = { readonly record: ResolvedRecord; readonly verified: Verification };

/**
 * Every version of a code's record, newest first, each proven to have been the one of its number. A code of a range or
 * a batch has the one version that issuing it implied; a code that was never issued has none. One request for each
 * version, made when it is asked for. Throws {@link ProofError}, {@link TransportError}, {@link RegistryError}
 * `CODE_MALFORMED`.
 *
 * @example
 * for await (const { record } of history(client, "MA.156.1301.02")) {
 *   console.log(record.version, record.since.time, record.status);
 * }
 */
export async function* history(
  client: Client,
  text: string,
  parameters: HistoryParameters = {},
): AsyncGenerator<HistoryEntry, void, undefined> {
  const code = codeOf(text);
  const newest = await fetchVersion(client, code, undefined, parameters);
  if (newest.record === null) return;
  yield { record: newest.record, verified: newest.verified };
  for (let version = newest.record.version - 1; version >= 1; version--) {
    const { record, verified } = await fetchVersion(client, code, version, parameters);
    if (record?.version !== version) {
      throw new ProofError("not-shown", `the bundle does not show version ${version} of ${code}`);
    }
    yield { record, verified };
  }
}

async function fetchVersion(
  client: Client,
  code: Code,
  version: number | undefined,
  { signal }: HistoryParameters,
): Promise<Resolution> {
  const asOf = version === undefined ? undefined : { version };
  const { answer } = await fetchAnswer(client, code, { asOf, signal });
  return resolutionOf(answer, false);
}
