import { type Code, isCode } from "@cityroot/codes/ma/code";
import type { Json } from "@cityroot/core/json";
import { keySetField } from "@cityroot/core/operation/key-set-field";
import type { Holder, KeySet } from "@cityroot/core/state/holder";
import { countAt, memberOf, objectAt, requestJson } from "./answer.ts";
import type { Client } from "./client.ts";
import { ProofError, RegistryError } from "./error.ts";
import { fetchAnswer } from "./fetch-answer.ts";
import type { KeySetJson } from "./key-set.ts";
import {
  formatTime,
  type Moment,
  momentOf,
  prefixOf,
  type ResolvedHolder,
  type ResolvedPrefix,
  type Verification,
  verificationOf,
} from "./resolution.ts";
import type { RuleJson } from "./rule-json.ts";
import { codeOf } from "./verify-bundle.ts";

/** See {@link getPrefix}. */
export type GetPrefixParameters = {
  /** Also ask for what the server says without proof. True when absent. */
  readonly reported?: boolean;
  readonly signal?: AbortSignal;
};

/** What the server says of a prefix without proof. */
export type ReportedPrefix = {
  /** What its delegator bound it to, or null. */
  readonly bound: RuleJson | null;
  /** What its holder chose within that, or null. */
  readonly own: RuleJson | null;
  /** How many codes it has issued itself. */
  readonly issued: number;
};

/** A key recovery under way. Times are RFC 3339 UTC text. */
export type PendingRecovery = {
  readonly keys: KeySetJson;
  readonly begun: Moment;
  readonly readyAt: string;
};

/** The holder of a prefix with its keys. */
export type PrefixHolder = ResolvedHolder & {
  readonly keys: KeySetJson;
  /** A key recovery under way: the keys that take over, since when, and from when they can; null for none. */
  readonly pending: PendingRecovery | null;
  /** Counts the changes of its entry, from 1. */
  readonly version: number;
};

/** See {@link getPrefix}. */
export type GetPrefixReturnType = ResolvedPrefix & {
  readonly holder: PrefixHolder;
  /** Counts the changes of holder and status, from 1. */
  readonly version: number;
  /** The delegated prefixes above it, from the root prefix down. */
  readonly chain: readonly ResolvedPrefix[];
  /** Its rules and its count, at the server's word; null when not asked for. */
  readonly reported: ReportedPrefix | null;
  readonly verified: Verification;
};

/**
 * A delegated prefix: who holds it, with which keys, and the chain of delegations above; null for a code that was never
 * delegated. All of it but `reported` is proven, by asking for a code right below the prefix, above which it has to stand
 * or to be absent. Throws {@link ProofError}, {@link TransportError},
 * {@link RegistryError} `CODE_MALFORMED`.
 *
 * @example
 * const prefix = await getPrefix(client, "MA.156.1301");
 * console.log(prefix?.holder.name, prefix?.status);
 */
export async function getPrefix(
  client: Client,
  text: string,
  parameters: GetPrefixParameters = {},
): Promise<GetPrefixReturnType | null> {
  const { reported = true, signal } = parameters;
  const prefix = codeOf(text, "prefix");
  const { answer } = await fetchAnswer(client, childOf(prefix), { signal, delegations: true });
  if (answer.delegations === undefined) {
    throw new ProofError("not-shown", `the bundle does not show whether ${prefix} is a prefix`);
  }
  const own = answer.delegations.find((delegation) => delegation.prefix === prefix);
  if (own === undefined) return null;
  const above = answer.delegations.slice(0, answer.delegations.indexOf(own));
  const { holder, ...named } = prefixOf(own);
  return {
    ...named,
    holder: { ...holder, ...keysOf(own.holder), version: own.holder.version },
    version: own.entry.version,
    chain: above.map(prefixOf),
    reported: reported ? await fetchReported(client, prefix, signal) : null,
    verified: verificationOf(answer),
  };
}

/** What may come after a prefix, shortest first: one of them is right at every place of the grammar. */
const CHILDREN = [".0", "/0", "/00", ".00", ".00000000"];

/** A code right below a prefix, whether it was issued or not. */
function childOf(prefix: Code): Code {
  for (const child of CHILDREN) if (isCode(prefix + child)) return (prefix + child) as Code;
  throw new RegistryError({
    rejection: "CODE_MALFORMED",
    detail: `${prefix} is too long to be a prefix`,
    field: "prefix",
    expected: "a code with room for another node",
    got: prefix,
  });
}

async function fetchReported(
  client: Client,
  prefix: Code,
  signal: AbortSignal | undefined,
): Promise<ReportedPrefix> {
  const { json, place } = await requestJson(client, { path: `v1/prefixes/${prefix}`, signal });
  const [issued, at] = memberOf(json, "issued", place);
  const ruleOf = (name: string): RuleJson | null => {
    const [value, ruleAt] = memberOf(json, name, place);
    return value === null ? null : (objectAt(value, ruleAt) as unknown as RuleJson);
  };
  return { bound: ruleOf("bound"), own: ruleOf("own"), issued: countAt(issued, at) };
}

function keysOf({ keys, pending }: Holder): Pick<PrefixHolder, "keys" | "pending"> {
  if (pending === null) return { keys: keySetToJson(keys), pending: null };
  const { begun, readyAtMs } = pending;
  return {
    keys: keySetToJson(keys),
    pending: { keys: keySetToJson(pending.keys), begun: momentOf(begun), readyAt: formatTime(readyAtMs) },
  };
}

function keySetToJson(keys: KeySet): KeySetJson {
  return keySetField.toJson(keys) as Json as unknown as KeySetJson;
}
