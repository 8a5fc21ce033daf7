import type { Code } from "@cityroot/codes/ma/code";
import type { Text } from "@cityroot/core/attribute/text";
import type { Json } from "@cityroot/core/json";
import type { Referral } from "@cityroot/core/operation/standing";
import type { Alias } from "@cityroot/core/state/alias";
import type { HistoryPart } from "../api/read/history.ts";
import type { ListPart } from "../api/read/nearest-below.ts";
import type { IssuedStanding } from "../api/read/standing.ts";
import type { HeldPrefix, NamedHolder } from "../api/read/view.ts";

/** A code with the name that its record says, if any. */
export type NamedCode = { readonly code: Code; readonly name: Text | undefined };

/** A prefix on the way down to a code, with what its own record calls it. */
export type DescentStep = HeldPrefix & { readonly name: Text | undefined };

/** A claim about the code of a page. */
export type ClaimShown = {
  readonly alias: Alias;
  /** Who holds the prefix that claims it. */
  readonly holder: NamedHolder | undefined;
  /** Whether the legacy code is claimed to be other codes too, today. */
  readonly isContested: boolean;
};

/** What is claimed of a code. */
export type AliasesShown = {
  readonly code: Code;
  readonly claims: readonly ClaimShown[];
  readonly isAll: boolean;
};

/** All that the page of an issued code shows. */
export type CodePageData = {
  readonly code: Code;
  readonly standing: IssuedStanding;
  /** The prefixes above the code, and the code itself where it is one, from the root down. */
  readonly descent: readonly DescentStep[];
  /** Whom the code was transferred to, by its record. */
  readonly transferredTo: NamedHolder | undefined;
  readonly successors: readonly NamedCode[];
  readonly history: HistoryPart;
  readonly below: ListPart;
  readonly aliases: AliasesShown;
  /** The record in terms of schema.org. */
  readonly linkedData: Json;
  /** Query by which the parts of history and list were asked for. */
  readonly at: { readonly historyBefore: number | undefined; readonly belowAfter: Code | undefined };
  /** Query of an earlier moment that the page shows, as the proof has to be asked for it; empty for now. */
  readonly moment: string;
  /** What was typed where it was not the code itself. */
  readonly typed: string | undefined;
  /** Holders by the hexadecimal of their id, for the history. */
  readonly holderOf: (id: Uint8Array) => NamedHolder;
};

/** All that the page of a code that was never issued shows. */
export type NeverIssuedPageData = {
  readonly code: Code;
  readonly descent: readonly DescentStep[];
  /** The nearest code above it that was issued. */
  readonly nearest: NamedCode | undefined;
  /** Whether codes exist below it. */
  readonly below: ListPart;
  readonly typed: string | undefined;
};

/** All that the page of a code shows that another network serves. */
export type FederatedPageData = {
  readonly code: Code;
  readonly referral: Referral;
  readonly descent: readonly DescentStep[];
  readonly typed: string | undefined;
};
