/**
 * Up to which size collections are kept in their compact forms: the directives of these names
 * (https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/memory-optimization/).
 */
export interface CollectionLimits {
  readonly hashMaxListpackEntries: number
  /** Bytes. */
  readonly hashMaxListpackValue: number
  /** Elements in a node of a list, or its size: -1 to -5 for 4 to 64 KiB. */
  readonly listMaxListpackSize: number
  readonly setMaxIntsetEntries: number
  readonly setMaxListpackEntries: number
  /** Bytes. */
  readonly setMaxListpackValue: number
  readonly zsetMaxListpackEntries: number
  /** Bytes. */
  readonly zsetMaxListpackValue: number
  /** Bytes in a node of a stream; 0 for no limit. */
  readonly streamNodeMaxBytes: number
  /** Entries in a node of a stream; 0 for no limit. */
  readonly streamNodeMaxEntries: number
  /** Bytes up to which a HyperLogLog is sparse. */
  readonly hllSparseMaxBytes: number
}

/** Redis' defaults, which hold until the server's settings take their place. */
export const defaultLimits: CollectionLimits = {
  hashMaxListpackEntries: 512,
  hashMaxListpackValue: 64,
  listMaxListpackSize: -2,
  setMaxIntsetEntries: 512,
  setMaxListpackEntries: 128,
  setMaxListpackValue: 64,
  zsetMaxListpackEntries: 128,
  zsetMaxListpackValue: 64,
  streamNodeMaxBytes: 4096,
  streamNodeMaxEntries: 100,
  hllSparseMaxBytes: 3000
}
