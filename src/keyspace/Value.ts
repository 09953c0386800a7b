/**
 * What a key can hold. The numbers are those of Redis' RDB type families and stand in the record's type nibble.
 *
 * A string lives inside its record as long as it is short; every other value, and a long string, is an object beside it.
 */
export const ValueType = { String: 0, List: 1, Set: 2, SortedSet: 3, Hash: 4, Stream: 6 } as const
export type ValueType = (typeof ValueType)[keyof typeof ValueType]

/** TYPE's answers, by `ValueType`. */
export const typeNames: Readonly<Record<number, string>> = {
  [ValueType.String]: "string",
  [ValueType.List]: "list",
  [ValueType.Set]: "set",
  [ValueType.SortedSet]: "zset",
  [ValueType.Hash]: "hash",
  [ValueType.Stream]: "stream"
}

/**
 * How a string came to be, in the record's encoding nibble, for OBJECT ENCODING: one that was stored whole is named by what it
 * looks like (int, embstr or raw), one that was changed in place stays raw, one that a float increment made is never int.
 * One that COPY made is like a stored one, but OBJECT REFCOUNT does not count it among the small integers that all keys share.
 */
export const StringOrigin = { Stored: 0, Modified: 1, Computed: 2, Copied: 3 } as const
export type StringOrigin = (typeof StringOrigin)[keyof typeof StringOrigin]

/**
 * How a collection is kept, in the record's encoding nibble: as one listpack or one intset, in Redis' layout, in the bytes in
 * which a string would be; or as an object beside the record.
 */
export const Form = { Packed: 0, Intset: 1, Table: 2 } as const
export type Form = (typeof Form)[keyof typeof Form]

/** A value that does not fit into its record: a long string, or the large form of a collection. */
export interface ObjectValue {
  clone(): ObjectValue
  /** Bytes of memory in all. */
  readonly memory: number
}
