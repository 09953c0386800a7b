/**
 * The numbers of the RDB file format, as Redis' own files have them
 * (https://rdb.fnordig.de/file_format.html describes it; https://github.com/redis/redis/blob/7.2/src/rdb.h has the numbers).
 *
 * A file is the magic with the version in four digits, then fields and records, each after a byte that says what it is, the
 * end mark, and a checksum.
 */

export const MAGIC = "REDIS"

/**
 * The version that is written: that of Redis 7.0. The one of 7.2 differs only in ways of writing sets and streams, and a
 * file without those is worth more when older servers read it too.
 */
export const WRITTEN_VERSION = 10

/** The latest version that is read: that of Redis 7.2. */
export const LATEST_VERSION = 11

/** What stands before a record or field; anything less is the type of a value. */
export const Opcode = {
  /** A library of functions. */
  Function: 245,
  /** The same, as release candidates of Redis 7.0 wrote it. */
  EarlyFunction: 246,
  ModuleData: 247,
  /** For the next key: seconds since it was used. */
  Idle: 248,
  /** For the next key: how often it is used, one byte. */
  Frequency: 249,
  /** Two strings about the file, its writer for one. */
  Auxiliary: 250,
  /** How many keys, and how many with a deadline, the database has. */
  Sizes: 251,
  /** For the next key: its deadline in milliseconds since 1970, eight bytes. */
  DeadlineMs: 252,
  /** The same in seconds, four bytes. */
  DeadlineSeconds: 253,
  /** From here on the keys are those of another database. */
  Database: 254,
  End: 255
} as const

/** The types of values, by what stands in the file for them. */
export const RdbType = {
  String: 0,
  List: 1,
  Set: 2,
  /** Scores as text. */
  SortedSetText: 3,
  Hash: 4,
  SortedSet: 5,
  HashZipmap: 9,
  ListZiplist: 10,
  SetIntset: 11,
  SortedSetZiplist: 12,
  HashZiplist: 13,
  ListQuickList: 14,
  StreamListpacks: 15,
  HashListpack: 16,
  SortedSetListpack: 17,
  ListQuickList2: 18,
  StreamListpacks2: 19,
  SetListpack: 20,
  StreamListpacks3: 21
} as const

/** The types of values that modules define. */
export const moduleTypes: ReadonlySet<number> = new Set([6, 7])

/** The upper two bits of a length's first byte: how the length is written. */
export const LengthForm = { SixBits: 0, FourteenBits: 1, Bytes: 2, Encoded: 3 } as const
/** First bytes of the `Bytes` form: four or eight bytes follow, the highest first. */
export const LENGTH_32 = 0x80
export const LENGTH_64 = 0x81

/** What the `Encoded` form says in the other six bits: the string is a number of so many bytes, or compressed. */
export const Encoding = { Int8: 0, Int16: 1, Int32: 2, Lzf: 3 } as const
