import type { Code } from "@cityroot/codes/ma/code";
import { bytesToHex } from "@cityroot/core/hex";
import type { Json } from "@cityroot/core/json";
import { type AliasPart, proveAliased, proveAliases, readStem } from "@cityroot/core/proof/aliases";
import { type Bundle, encodeBundle } from "@cityroot/core/proof/bundle";
import {
  decodeAliased,
  keyOfAlias,
  type LegacyCode,
  stemOfAliased,
  stemOfLegacy,
} from "@cityroot/core/state/alias";
import { meaningOf } from "@cityroot/core/state/alias-meaning";
import type { Day } from "@cityroot/core/state/day";
import { keyToBytes, type StateKey } from "@cityroot/core/state/key";
import { type Answer, answerJson, MEDIA } from "./answer.ts";
import { aliasToJson, readAlias, readMeaning } from "./read/alias-json.ts";
import { asOfToJson } from "./read/json.ts";
import { EntryUnreadableError, type View } from "./read/view.ts";

/** Entries of a part when nobody says how many. */
export const ALIASES = 100;

/** What is asked of aliases: a part of them, with its proof, or as its proof alone. */
export type AliasQuestion = {
  /** Hexadecimal, as `next` of the part before has it. */
  readonly after?: string;
  readonly limit?: number;
  /** A part ends where its entries have as many bytes. */
  readonly bytesMax?: number;
  readonly proof?: boolean;
  /** Whether the proof is to show the authority of the coding system. */
  readonly authority?: boolean;
  readonly isProofAlone: boolean;
};

/** Answers what is claimed of a legacy code, and what that comes to on a day. */
export function answerLegacy(
  view: View,
  nowMs: number,
  legacy: LegacyCode,
  question: AliasQuestion & { readonly day: Day },
): Answer {
  const stem = stemOfLegacy(legacy);
  const part = partOf(stem, question);
  const { authority = false, day } = question;
  const prove = (): Bundle =>
    proveAliases(view.source, legacy, view.head, {
      ...{ ...part, authority, stem },
      ...(authority && { authorityRun: view.authorityRunOf(legacy.system) }),
    });
  if (question.isProofAlone) return proofAlone(view, prove());
  const { entries, isLast } = readStem(view.source, stem, part);
  const aliases = entries.map(({ value }) => readAlias(value));
  return answerJson(
    {
      ...legacy,
      asOf: asOfToJson(view, nowMs),
      day,
      authority: view.authorityOf(legacy.system),
      meaning: (isLast && part.after === undefined
        ? meaningOf(aliases, day)
        : readMeaning(view, legacy, day)) as Json,
      aliases: aliases.map((alias) => aliasToJson(view, alias)),
      next: nextOf(stem, entries.at(-1)?.key, isLast),
      ...proofMember(question, prove),
    },
    view.head,
  );
}

/** Answers which legacy codes a code is claimed to have. */
export function answerAliasesOf(view: View, nowMs: number, code: Code, question: AliasQuestion): Answer {
  const stem = stemOfAliased(code);
  const part = partOf(stem, question);
  const prove = (): Bundle => proveAliased(view.source, code, view.head, part);
  if (question.isProofAlone) return proofAlone(view, prove());
  const { entries, isLast } = readStem(view.source, stem, part);
  const aliases = entries.map(({ value }) => {
    const name = decodeAliased(value);
    if (name === undefined) throw new EntryUnreadableError("what leads to a claim cannot be read");
    return aliasToJson(view, readAlias(view.source.get(keyOfAlias(name))));
  });
  const next = nextOf(stem, entries.at(-1)?.key, isLast);
  return answerJson(
    { code, asOf: asOfToJson(view, nowMs), aliases, next, ...proofMember(question, prove) },
    view.head,
  );
}

function proofAlone({ head }: View, bundle: Bundle): Answer {
  return { status: 200, type: MEDIA.proof, body: encodeBundle(bundle), caching: "never", head };
}

function proofMember({ proof = false }: AliasQuestion, prove: () => Bundle): { readonly proof?: string } {
  return proof ? { proof: Buffer.from(encodeBundle(prove())).toString("base64") } : {};
}

function partOf(stem: string, question: AliasQuestion): AliasPart {
  const { after, limit = ALIASES, bytesMax = Number.POSITIVE_INFINITY } = question;
  if (after === undefined) return { limit, bytesMax };
  return { limit, bytesMax, after: `${stem}${Buffer.from(after, "hex").toString("latin1")}` as StateKey };
}

/** Where the next part begins: what its last key has beyond what all of them begin with. */
function nextOf(stem: string, last: StateKey | undefined, isLast: boolean): string | null {
  if (isLast || last === undefined) return null;
  return bytesToHex(keyToBytes(last)).slice(2 * stem.length);
}
