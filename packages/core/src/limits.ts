import { CODE_CHARACTERS_MAX } from "@cityroot/codes/ma/limits";
import { assert } from "./assert.ts";

// The one file of limits. The protocol's own (consensus) come first; Spec §10 lists them all.

/** Longest transaction envelope, in bytes. */
export const TRANSACTION_BYTES_MAX = 1_048_576;
/** Most operations in one transaction. */
export const OPERATIONS_MAX = 5_000;
/** Most signatures on one transaction. */
export const SIGNATURES_MAX = 32;
/**
 * First distance from a block's height up to a transaction's last height that is refused, and the number of slots of the
 * replay window.
 */
export const EXPIRY_BLOCKS_MAX = 16_384;
/** Most transaction ids that the replay window remembers at once. */
export const REPLAY_IDS_MAX = 4_000_000;
/**
 * What stands in the place of EXPIRY_BLOCKS_MAX while the replay window is crowded: while it holds half of its ids, or more.
 */
export const EXPIRY_BLOCKS_CROWDED = 256;

/** Deepest nesting of a CBOR value on the wire. */
export const CBOR_DEPTH_MAX = 12;

/** Most keys of a holder, over all its roles. */
export const HOLDER_KEYS_MAX = 32;
/**
 * Most keys in the key sets of one transaction. Whether a key is sound is asked before anyone is known to have
 * signed, and costs some 80 microseconds in plain JavaScript, a fifth of that with libsodium.
 */
export const TRANSACTION_KEYS_MAX = 256;
/** Shortest delay of a key recovery, in milliseconds: one hour. */
export const RECOVERY_DELAY_MS_MIN = 3_600_000;
/** Longest delay of a key recovery, in milliseconds: ninety days. */
export const RECOVERY_DELAY_MS_MAX: number = 90 * 86_400_000;

/** Most shapes in a rule. */
export const RULE_SHAPES_MAX = 32;
/** Most node patterns in a shape. */
export const SHAPE_NODES_MAX = 24;
/** Most values in a node pattern's list. */
export const PATTERN_VALUES_MAX = 64;
/** Longest text of a rule, in bytes of its CBOR form. */
export const RULE_BYTES_MAX = 8_192;

/** Longest class name, in ASCII characters. */
export const CLASS_CHARACTERS_MAX = 32;
/** Most attributes of a record. */
export const ATTRIBUTES_MAX = 32;
/** Longest text in an attribute, in bytes of UTF-8. */
export const TEXT_BYTES_MAX = 240;
/** Most languages of a text. */
export const LANGUAGES_MAX = 16;
/** Most legacy codes of a record. */
export const LEGACY_MAX = 16;
/** Most links of a record. */
export const LINKS_MAX = 16;
/** Longest link target, in ASCII characters. */
export const LINK_CHARACTERS_MAX = 1_024;
/** Most commitments of a record. */
export const COMMITMENTS_MAX = 16;
/** Longest description that an issuer gives, in bytes of the CBOR form `[class, attributes, links, commitments]`. */
export const DESCRIPTION_BYTES_MAX = 8_192;
/** Most codes on either side of a supersession. */
export const SUCCESSORS_MAX = 256;

/** Most codes in a range: ten to the fifteenth, below 2^53 so that counts stay exact. */
export const RANGE_COUNT_MAX = 1_000_000_000_000_000;
/** Most items in a batch. */
export const BATCH_ITEMS_MAX = 16_777_216;
/** Longest item of a batch, in bytes of its CBOR form. */
export const ITEM_BYTES_MAX = 4_096;

/** Longest federation of a prefix, in bytes of its CBOR form. */
export const FEDERATION_BYTES_MAX = 8_192;
/** Most addresses of a federation. */
export const ENDPOINTS_MAX = 8;
/** Longest address of a federation, in ASCII characters. */
export const ENDPOINT_CHARACTERS_MAX = 256;
/** Longest name of a log or a witness in a federation, in ASCII characters. */
export const KEY_NAME_CHARACTERS_MAX = 128;

/** Most claims of one claimant about one legacy code, those that were withdrawn with them. */
export const ALIAS_CLAIMS_MAX = 16;

/** Room in a record for what its description leaves: peaks, place, holder, succession, reason, federation, in bytes. */
const RECORD_REST_BYTES_MAX = 45_056;
/**
 * Longest record entry, in bytes of its CBOR form: it follows from the others, so that no change of a record is ever
 * refused for what was said of it before. A batch's description with an item's over it, the entry of an interval that
 * the record carries, and the rest.
 */
export const RECORD_BYTES_MAX: number = 2 * DESCRIPTION_BYTES_MAX + ITEM_BYTES_MAX + RECORD_REST_BYTES_MAX;

/** Longest state key, in bytes: a kind byte, the longest code and its end. */
export const STATE_KEY_BYTES_MAX = 192;

assert(RANGE_COUNT_MAX <= Number.MAX_SAFE_INTEGER, "a range's count must stay exact");
assert(
  SUCCESSORS_MAX * (CODE_CHARACTERS_MAX + 2) + FEDERATION_BYTES_MAX + 3_072 <= RECORD_REST_BYTES_MAX,
  "a record must have room for its successors",
);

/** Most validators of a network. */
export const VALIDATORS_MAX = 64;
/** Most that the vote of one validator counts: those of all together stay exact in every language. */
export const VALIDATOR_POWER_MAX = 1_000_000_000;
/** Most misbehaviours of validators that one block records: more than CometBFT reports with one block. */
export const BLOCK_MISBEHAVIOURS_MAX = 256;
/** Least that the parameter `blockBytesMax` may be, in bytes: one of the longest transactions always finds room. */
export const BLOCK_BYTES_MAX_LEAST = 2_097_152;
/** Most that the parameter `blockBytesMax` may be, in bytes. */
export const BLOCK_BYTES_MAX_MOST = 33_554_432;
/** What the parameter `blockBytesMax` is as long as nothing else was set, in bytes. */
export const BLOCK_BYTES_MAX_FIRST = 4_194_304;
/** Least that the parameter `blockTransactionsMax` may be: what a consensus orders together always finds room. */
export const BLOCK_TRANSACTIONS_MAX_LEAST = 500;
/** Most that the parameter `blockTransactionsMax` may be. */
export const BLOCK_TRANSACTIONS_MAX_MOST = 20_000;
/** What the parameter `blockTransactionsMax` is as long as nothing else was set. */
export const BLOCK_TRANSACTIONS_MAX_FIRST = 5_000;

/** Longest token, in ASCII characters. */
export const TOKEN_CHARACTERS_MAX = 64;
/** Longest legacy code of a record, in ASCII characters. */
export const LEGACY_CHARACTERS_MAX = 64;
/** Longest language tag, in ASCII characters: what RFC 5646 §4.4.1 asks every implementation to hold. */
export const LANGUAGE_CHARACTERS_MAX = 35;
/** Longest media type, in ASCII characters. */
export const MEDIA_TYPE_CHARACTERS_MAX = 127;
/** Longest relation of a link, in ASCII characters. */
export const RELATION_CHARACTERS_MAX = 256;
/** Length of a SHA-256 digest, in bytes. */
export const DIGEST_BYTES = 32;
/** Most classes that a rule allows by name, and most for which it requires attributes. */
export const RULE_CLASSES_MAX = 64;
