// How a page lies in its bytes: the number of its entries in two bytes, then for each entry
//   one byte: how many bytes of its key are those of the key before
//   one byte: how many follow, and these
//   four bytes: the length of its value, and this
//   its leaf hash
//   four bytes: the row of its newest earlier version, 0 where it has none.
// Numbers have their lowest byte first.

import { HASH_BYTES } from "@cityroot/core/hash";

export const COUNT_BYTES = 2;
/** The two lengths of a key. */
export const KEY_HEAD_BYTES = 2;
export const VALUE_HEAD_BYTES = 4;
export const EARLIER_BYTES = 4;
/** What an entry takes beside its key's rest and its value. */
export const ENTRY_HEAD_BYTES: number = KEY_HEAD_BYTES + VALUE_HEAD_BYTES + HASH_BYTES + EARLIER_BYTES;

/**
 * Largest encoded page with more than one entry, in bytes. Such a page and its head fill one 4,096-byte page of
 * LMDB; ten records of 250 bytes, a decade of serials, fit in it.
 */
export const PAGE_BYTES_MAX = 4_000;
