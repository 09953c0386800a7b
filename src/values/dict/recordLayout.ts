/**
 * What a record of the keyspace looks like in its block: six words, the key, the inline value, and, when the key has
 * an expiry, its id in the block's last word. Word 0 is the block's header (see Pages).
 */

/** The next record of the bucket's chain. */
export const NEXT = 1
/** The key's hash. */
export const HASH = 2
/** The key's length in bytes. */
export const KEY_LENGTH = 3
/** The inline value's length in bytes, or the slot in the object table if HAS_OBJECT is set. */
export const VALUE = 4
/** Type (bits 0-3), encoding (bits 4-7), access clock (bits 8-31). */
export const ATTRIBUTES = 5

/** Bytes before the key. */
export const HEADER_BYTES = 24
/** Bytes of an expiry id. */
export const EXPIRY_BYTES = 4

/** Header flag: the value is in the object table. */
export const HAS_OBJECT = 1 << 29
/** Header flag: the block's last word is an expiry id. */
export const HAS_EXPIRY = 1 << 30
/** Header flag: together with the table's own sense of it says whether the record is marked (see Dict). */
export const MARK = 1 << 31
