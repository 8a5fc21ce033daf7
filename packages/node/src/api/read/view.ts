import type { Code } from "@cityroot/codes/ma/code";
import { parentOf } from "@cityroot/codes/ma/prefix";
import type { Text } from "@cityroot/core/attribute/text";
import { bytesToHex } from "@cityroot/core/hex";
import { runOfAuthority } from "@cityroot/core/proof/aliases";
import type { ProofSource } from "@cityroot/core/proof/prove";
import type { Run } from "@cityroot/core/proof/run";
import { decodeCodingSystem } from "@cityroot/core/state/coding-system";
import { decodeHolder } from "@cityroot/core/state/holder";
import { codingSystemKey, holderKey, prefixKey } from "@cityroot/core/state/key";
import { decodePrefix, type Prefix } from "@cityroot/core/state/prefix";
import type { Head, RegistryReader } from "../../resolver/registry-reader.ts";

/** An organisation as answers name it. */
export type NamedHolder = { readonly id: string; readonly name: Text };

/** A delegated prefix with its holder. */
export type HeldPrefix = { readonly prefix: Code; readonly entry: Prefix; readonly holder: NamedHolder };

/** The registry at one head, with what was looked up of it so far. It holds for one synchronous stretch of reading. */
export type View = {
  readonly head: Head;
  readonly reader: RegistryReader;
  readonly source: ProofSource;
  /** The nearest delegated prefix at or above a code. */
  readonly prefixAtOrAbove: (code: Code) => HeldPrefix | undefined;
  /** The same for a code that is a prefix or was one, such as that of a claimant: they are few, and what is found is remembered. */
  readonly heldAtOrAbove: (prefix: Code) => HeldPrefix | undefined;
  /** A holder by the bytes of its id. */
  readonly holderOf: (id: Uint8Array) => NamedHolder;
  /** The prefix that is the authority of a coding system; null where it has none. */
  readonly authorityOf: (system: string) => Code | null;
  /** What shows that in a bundle. Systems are few, and what was read of one is remembered. */
  readonly authorityRunOf: (system: string) => Run;
};

/** How many prefixes and holders a view remembers before it starts anew. */
const REMEMBERED_MAX = 65_536;
/** The same of runs, each of some kilobytes: strangers name systems as they like. */
const RUNS_REMEMBERED_MAX = 1_024;

/** The store holds what this version cannot read: nothing may be concluded from it. */
export class EntryUnreadableError extends Error {
  override readonly name = "EntryUnreadableError";
}

/** The items of a batch that a code may be one of are not on this machine: whether it is one cannot be told. */
export class ItemsMissingError extends Error {
  override readonly name = "ItemsMissingError";
  /** Digest of the payload that holds them. */
  readonly digest: Uint8Array;

  constructor({
    first,
    payload,
  }: { readonly first: Code; readonly payload: { readonly digest: Uint8Array } }) {
    super(`the items of the batch from ${first} are not on this machine`);
    this.digest = payload.digest;
  }
}

/** Gives the view of the newest head: the same one while the head stays. */
export function openViews(reader: RegistryReader): () => View {
  let view: View | undefined;
  return () => {
    const head = reader.head();
    if (view?.head !== head) view = viewOf(reader, head);
    return view;
  };
}

function viewOf(reader: RegistryReader, head: Head): View {
  const source = demandItems(reader.source);
  const prefixes = new Map<Code, HeldPrefix | undefined>();
  const holders = new Map<string, NamedHolder>();
  const authorities = new Map<string, Code | null>();
  const authorityRuns = new Map<string, Run>();

  const holderOf = (id: Uint8Array): NamedHolder => {
    const name = bytesToHex(id);
    const known = holders.get(name);
    if (known !== undefined) return known;
    const bytes = source.get(holderKey(id));
    const holder = bytes === undefined ? undefined : decodeHolder(bytes);
    if (holder === undefined) throw new EntryUnreadableError(`the holder ${name} cannot be read`);
    const named = { id: name, name: holder.name as unknown as Text };
    if (holders.size >= REMEMBERED_MAX) holders.clear();
    holders.set(name, named);
    return named;
  };
  const authorityOf = (system: string): Code | null => {
    const known = authorities.get(system);
    if (known !== undefined) return known;
    const bytes = source.get(codingSystemKey(system));
    const entry = bytes === undefined ? undefined : decodeCodingSystem(bytes);
    if (bytes !== undefined && entry === undefined)
      throw new EntryUnreadableError(`the coding system ${system} cannot be read`);
    const authority = entry?.authority ?? null;
    if (authorities.size >= REMEMBERED_MAX) authorities.clear();
    authorities.set(system, authority);
    return authority;
  };
  const authorityRunOf = (system: string): Run => {
    const known = authorityRuns.get(system);
    if (known !== undefined) return known;
    const { entries, path } = runOfAuthority(source, system);
    // What the store gave may be written over by what is read next.
    const run = {
      entries: entries.map(({ key, value }) => ({ key, value: Uint8Array.from(value) })),
      path: Uint8Array.from(path),
    };
    if (authorityRuns.size >= RUNS_REMEMBERED_MAX) authorityRuns.clear();
    authorityRuns.set(system, run);
    return run;
  };
  const prefixAt = (code: Code): HeldPrefix | undefined => {
    const bytes = source.get(prefixKey(code));
    if (bytes === undefined) return undefined;
    const entry = decodePrefix(bytes);
    if (entry === undefined) throw new EntryUnreadableError(`the prefix ${code} cannot be read`);
    return { prefix: code, entry, holder: holderOf(entry.holder) };
  };
  const prefixAtOrAbove = (code: Code): HeldPrefix | undefined => {
    if (prefixes.has(code)) return prefixes.get(code);
    const own = prefixAt(code);
    const parent = own === undefined ? parentOf(code) : undefined;
    return parent === undefined ? own : heldAtOrAbove(parent);
  };
  // Codes are many and asked for once; what stands above them is asked for again and again.
  const heldAtOrAbove = (code: Code): HeldPrefix | undefined => {
    if (prefixes.has(code)) return prefixes.get(code);
    const found = prefixAtOrAbove(code);
    if (prefixes.size >= REMEMBERED_MAX) prefixes.clear();
    prefixes.set(code, found);
    return found;
  };
  return { head, reader, source, prefixAtOrAbove, heldAtOrAbove, holderOf, authorityOf, authorityRunOf };
}

/** The source, which fails rather than show a batch without its items: such a bundle would prove nothing. */
function demandItems(source: ProofSource): ProofSource {
  return {
    ...source,
    itemsOf: (batch, code) => {
      const items = source.itemsOf(batch, code);
      if (items.length > 0) return items;
      throw new ItemsMissingError(batch);
    },
  };
}

/** The delegated prefixes at and above a code, from the root prefix down. */
export function chainOf(view: View, code: Code): readonly HeldPrefix[] {
  const chain: HeldPrefix[] = [];
  let at: Code | undefined = code;
  while (at !== undefined) {
    const found: HeldPrefix | undefined = view.prefixAtOrAbove(at);
    if (found === undefined) break;
    chain.unshift(found);
    at = parentOf(found.prefix);
  }
  return chain;
}
