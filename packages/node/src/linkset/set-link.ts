import type { Text } from "@cityroot/core/attribute/text";

/** A link of a link set: RFC 9264 §4.2.3, with the attributes of GS1-Conformant Resolver Standard 1.2, 2.5. */
export type SetLink = {
  /** Canonical, see `canonicalRelation`. */
  readonly rel: string;
  readonly href: string;
  /** Media type of the target, or null. */
  readonly type: string | null;
  /** Language tags of the target; none where it is not said. */
  readonly languages: readonly string[];
  /** Regions that the target is for, ISO 3166-1 in two letters; none where it is for all. */
  readonly regions: readonly string[];
  /** What to call the target, or null. */
  readonly title: Text | null;
};

/** What a link set says of one thing. */
export type LinkContext = {
  /** Address of the thing. */
  readonly anchor: string;
  /** What the thing is called. */
  readonly called: Text;
  readonly links: readonly SetLink[];
};
