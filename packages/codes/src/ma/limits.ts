/**
 * Longest canonical code, in characters. Our choice: no source states a bound for MA codes (reference: none
 * public). It holds the longest published example (84 characters) and keeps keys, labels and proofs small.
 */
export const CODE_CHARACTERS_MAX = 128;

/** Longest node before the custom part, in characters. Our choice; the longest seen in use has 12. */
export const NODE_CHARACTERS_MAX = 32;

/**
 * Longest node of the custom part, in characters: the bound of MIL-STD-130N for a whole unique item
 * identifier, so that any serial fits that fits there. As a bound of MA it is our choice.
 */
export const CUSTOM_NODE_CHARACTERS_MAX = 50;

/** Most nodes of a code, `MA` included. Our choice: it bounds the number of prefixes above a code. */
export const NODES_MAX = 24;
