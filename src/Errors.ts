/**
 * Every error reply of the server with its exact text, in one place.
 *
 * A command refuses by throwing one of these; the dispatcher is the only one that catches them and writes them. The
 * constants are made once, so that refusing costs no stack trace. Texts that carry a word of the request are functions.
 */

/** A refusal as it goes over the wire, without the leading `-`. The first word is the error's code (`ERR`, `WRONGTYPE`, ...). */
export class ReplyError {
  readonly _tag = "ReplyError"
  constructor(readonly text: string) {}

  /** The code under which INFO's errorstats counts it. */
  get code(): string {
    const space = this.text.indexOf(" ")
    return space < 0 ? this.text : this.text.slice(0, space)
  }
}

const error = (text: string) => new ReplyError(text)

export const syntax = error("ERR syntax error")
export const wrongType = error("WRONGTYPE Operation against a key holding the wrong kind of value")
export const notAnInteger = error("ERR value is not an integer or out of range")
export const notAFloat = error("ERR value is not a valid float")
export const outOfRange = error("ERR value is out of range")
export const overflow = error("ERR increment or decrement would overflow")
export const decrementOverflow = error("ERR decrement would overflow")
export const nanOrInfinity = error("ERR increment would produce NaN or Infinity")
export const noSuchKey = error("ERR no such key")
export const sameObject = error("ERR source and destination objects are the same")
export const expireNxConflict = error("ERR NX and XX, GT or LT options at the same time are not compatible")
export const expireGtLtConflict = error("ERR GT and LT options at the same time are not compatible")
export const dbIndexOutOfRange = error("ERR DB index is out of range")
export const invalidFirstDb = error("ERR invalid first DB index")
export const invalidSecondDb = error("ERR invalid second DB index")
export const not32Bits = error("ERR value is out of range, value must between -2147483648 and 2147483647")
export const invalidCursor = error("ERR invalid cursor")
export const noFrequencies = error(
  "ERR An LFU maxmemory policy is not selected, access frequency not tracked. " +
    "Please note that when switching between policies at runtime LRU and LFU data will take some time to adjust."
)
export const stringTooLong = error("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
export const offsetOutOfRange = error("ERR offset is out of range")
export const notABitOffset = error("ERR bit offset is not an integer or out of range")
export const notABit = error("ERR bit is not an integer or out of range")
export const wrongBitArgument = error("ERR The bit argument must be 1 or 0.")
export const bitopNotOneKey = error("ERR BITOP NOT must be called with a single source key.")
export const wrongBitfieldType = error(
  "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."
)
export const wrongOverflow = error("ERR Invalid OVERFLOW type specified")
export const bitfieldOnlyReads = error("ERR BITFIELD_RO only supports the GET subcommand")
export const lcsNotStrings = error("ERR The specified keys must contain string values")
export const lcsLengthAndIndexes = error("ERR If you want both the length and indexes, please just use IDX.")
export const lcsTooLarge = error("ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len")
export const lcsNoMemory = error("ERR Insufficient memory, failed allocating transient memory for LCS")

export const noAuth = error("NOAUTH Authentication required.")
export const wrongPassword = error("WRONGPASS invalid username-password pair or user is disabled.")
export const noPasswordSet = error(
  "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?"
)
export const noProto = error("NOPROTO unsupported protocol version")

export const execAbort = error("EXECABORT Transaction discarded because of previous errors.")
export const nestedMulti = error("ERR MULTI calls can not be nested")
export const execWithoutMulti = error("ERR EXEC without MULTI")
export const discardWithoutMulti = error("ERR DISCARD without MULTI")
export const watchInsideMulti = error("ERR WATCH inside MULTI is not allowed")
export const notInTransaction = error("ERR Command not allowed inside a transaction")

export const noSuchClient = error("ERR No such client")
export const loading = error("LOADING Redis is loading the dataset in memory")
export const maxClients = error("ERR max number of clients reached")
/** `reason` is the system's own text, "No space left on device" for one. */
export const aofNotWritable = (reason: string) => error(`MISCONF Errors writing to the AOF file: ${reason}`)
export const rdbNotWritable = error(
  "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. " +
    "Commands that may modify the data set are disabled, because this instance is configured to report errors during writes " +
    "if RDB snapshotting fails (stop-writes-on-bgsave-error option). Please check the Redis logs for details about the RDB error."
)
export const backgroundSaveRunning = error("ERR Background save already in progress")
/** All that SAVE says. */
export const saveFailed = error("ERR")
export const shutdownFailed = error("ERR Errors trying to SHUTDOWN. Check logs.")
export const noShutdown = error("ERR No shutdown in progress.")
export const protectedMode = error(
  "DENIED Redis is running in protected mode because protected mode is enabled and no password is set for the default user. " +
    "In this mode connections are only accepted from the loopback interface. " +
    "If you want to connect from external computers to Redis you may adopt one of the following solutions: " +
    "1) Just disable protected mode sending the command 'CONFIG SET protected-mode no' from the loopback interface by connecting to Redis from the same host the server is running, " +
    "however MAKE SURE Redis is not publicly accessible from internet if you do so. Use CONFIG REWRITE to make this change permanent. " +
    "2) Alternatively you can just disable the protected mode by editing the Redis configuration file, and setting the protected mode option to 'no', and then restarting the server. " +
    "3) If you started the server manually just for testing, restart it with the '--protected-mode no' option. " +
    "4) Setup a an authentication password for the default user. " +
    "NOTE: You only need to do one of the above things in order for the server to start accepting connections from the outside."
)

/** Redis prints words as C strings, which end at the first NUL. */
const untilNul = (text: string) => text.split("\0", 1)[0]!

/** Redis shows at most 128 bytes of what it did not understand. */
const shown = (text: string) => untilNul(text).slice(0, 128)

/** A number as C's "%f" prints it. */
function sixDigits(x: number): string {
  if (!Number.isFinite(x)) return x < 0 ? "-inf" : "inf"
  if (Object.is(x, -0)) return "-0.000000"
  return Math.abs(x) < 1e21 ? x.toFixed(6) : `${BigInt(x)}.000000`
}

/** `args` are the words after the command's name. */
export function unknownCommand(name: string, args: Iterable<string>): ReplyError {
  let list = ""
  for (const arg of args) {
    if (list.length >= 128) break
    list += `'${untilNul(arg).slice(0, 128 - list.length)}' `
  }
  return error(`ERR unknown command '${shown(name)}', with args beginning with: ${list}`)
}

/** `container` in upper or lower case, as the table has it. */
export const unknownSubcommand = (container: string, name: string) =>
  error(`ERR unknown subcommand '${shown(name)}'. Try ${container.toUpperCase()} HELP.`)

/** For subcommands whose most words are limited only inside. */
export const unknownSubcommandOrArity = (container: string, name: string) =>
  error(
    `ERR unknown subcommand or wrong number of arguments for '${shown(name)}'. Try ${container.toUpperCase()} HELP.`
  )

/** `fullName` in lower case; a subcommand is `container|name`. */
export const wrongArity = (fullName: string) => error(`ERR wrong number of arguments for '${fullName}' command`)

/** An option of EXPIRE and its kin, in the spelling of the request up to the first NUL. */
export const unsupportedOption = (option: string) => error(`ERR Unsupported option ${untilNul(option)}`)

export const invalidExpire = (command: string) => error(`ERR invalid expire time in '${command}' command`)

export const notInSubscribeMode = (command: string) =>
  error(
    `ERR Can't execute '${command}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context`
  )

export const debugNotAllowed = (command: string, option: string) =>
  error(
    `ERR ${command} command not allowed. If the ${option} option is set to "local", you can run it from a local connection, ` +
      "otherwise you need to set this option in the configuration file, and then restart the server."
  )

/** `reason` is the directive's or a listener's. */
export const configSetFailed = (directive: string, reason: string) =>
  error(`ERR CONFIG SET failed (possibly related to argument '${directive}') - ${reason}`)

export const unknownDirective = (name: string) =>
  error(`ERR Unknown option or number of arguments for CONFIG SET - '${untilNul(name)}'`)

export const noConfigFile = error("ERR The server is running without a config file")
export const configRewriteFailed = (reason: string) => error(`ERR Rewriting config file: ${reason}`)

export const severalRedirections = error("ERR A client can only redirect to a single other client")
export const noRedirectionTarget = error("ERR The client ID you want redirect to does not exist")
export const prefixWithoutBroadcast = error("ERR PREFIX option requires BCAST mode to be enabled")
export const broadcastSwitch = error(
  "ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then re-enabling it with a different mode."
)
export const broadcastWithOptions = error("ERR OPTIN and OPTOUT are not compatible with BCAST")
export const optinAndOptout = error("ERR You can't specify both OPTIN mode and OPTOUT mode")
export const optionSwitch = error(
  "ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then re-enabling it with a different mode."
)
export const cachingWithoutTracking = error(
  "ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or OPTOUT mode enabled"
)
export const cachingYes = error("ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")
export const cachingNo = error("ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")

/** `which`: "an existing" or "another provided" prefix. */
export const prefixOverlap = (prefix: string, which: string, other: string) =>
  error(
    `ERR Prefix '${prefix}' overlaps with ${which} prefix '${other}'. Prefixes for a single client must not overlap.`
  )

export const protocolNotAnInteger = error("ERR Protocol version is not an integer or out of range")
export const badClientName = error("ERR Client names cannot contain spaces, newlines or special characters.")
export const helloNoAuth = error(
  "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time"
)
export const helloSyntax = (option: string) => error(`ERR Syntax error in HELLO option '${shown(option)}'`)

/** `command` in upper case: it would wait, where that is not possible. */
export const denyBlocking = (command: string) => error(`ERR ${command} isn't allowed for a DENY BLOCKING client`)

export const replicaKeyspace = error("ERR Replica can't interact with the keyspace")
export const timeoutNotAFloat = error("ERR timeout is not a float or out of range")
export const unblocked = error("UNBLOCKED client unblocked via CLIENT UNBLOCK")
export const unblockReason = error("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
export const pauseMode = error("ERR CLIENT PAUSE mode must be WRITE or ALL")
export const timeoutNotAnInteger = error("ERR timeout is not an integer or out of range")
export const timeoutNegative = error("ERR timeout is negative")
export const timeoutOutOfRange = error("ERR timeout is out of range")
export const invalidClientId = error("ERR Invalid client ID")
export const clientIdNotPositive = error("ERR client-id should be greater than 0")
export const unknownClientType = (type: string) => error(`ERR Unknown client type '${shown(type)}'`)
export const noSuchUser = (user: string) => error(`ERR No such user '${shown(user)}'`)
export const unrecognizedOption = (option: string) => error(`ERR Unrecognized option '${shown(option)}'`)
/** An attribute of CLIENT SETINFO, with the spelling of the request. */
export const badClientAttribute = (attribute: string) =>
  error(`ERR ${attribute} cannot contain spaces, newlines or special characters.`)
/** EXEC itself was refused: the transaction is over. */
export const execAbortedBy = ({ text }: ReplyError) =>
  error(`EXECABORT Transaction discarded because of: ${text.startsWith("ERR ") ? text.slice(4) : text}`)
/** MONITOR answers with more than one reply, which a transaction has no room for. */
export const monitorDenied = error("ERR MONITOR isn't allowed for DENY BLOCKING client")

export const slowLogCount = error("ERR count should be greater than or equal to -1")
export const noLatencySamples = (event: string) => error(`ERR No samples available for event '${untilNul(event)}'`)

export const notACommand = error("ERR Invalid command specified")
export const takesNoKeys = error("ERR The command has no key arguments")
export const wrongArityOfAnother = error("ERR Invalid number of arguments specified for command")
export const keysNotFound = error("ERR Invalid arguments specified for command")

export const busyKey = error("BUSYKEY Target key name already exists.")
export const invalidTtl = error("ERR Invalid TTL value, must be >= 0")
export const invalidIdleTime = error("ERR Invalid IDLETIME value, must be >= 0")
export const invalidFrequency = error("ERR Invalid FREQ value, must be >= 0 and <= 255")
export const wrongPayload = error("ERR DUMP payload version or checksum are wrong")
export const badPayload = error("ERR Bad data format")
export const numkeysNotPositive = error("ERR numkeys should be greater than 0")
export const numkeysTooLarge = error("ERR Number of keys can't be greater than number of args")
export const limitNegative = error("ERR LIMIT can't be negative")
export const mustBePositive = error("ERR value is out of range, must be positive")
export const not64Bits = error(
  "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807"
)
/** `names` are those of the request. */
const noGroup = (text: string) => error(`NOGROUP ${text}`)
export const noConsumerGroup = (key: string, group: string) =>
  noGroup(`No such key '${untilNul(key)}' or consumer group '${untilNul(group)}'`)
export const noGroupToRead = (key: string, group: string) =>
  noGroup(`No such key '${untilNul(key)}' or consumer group '${untilNul(group)}' in XREADGROUP with GROUP option`)
export const noGroupOfKey = (key: string, group: string) =>
  noGroup(`No such consumer group '${untilNul(group)}' for key name '${untilNul(key)}'`)
export const groupExists = error("BUSYGROUP Consumer Group name already exists")
export const groupNeedsKey = error(
  "ERR The XGROUP subcommand requires the key to exist. " +
    "Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically."
)
export const entriesReadNegative = error("ERR value for ENTRIESREAD must be positive or -1")
export const missingGroup = error("ERR Missing GROUP option for XREADGROUP")
export const lastIdForGroup = error(
  "ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying " +
    "a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set."
)
/** An option of XCLAIM whose value is no integer, or `min-idle-time`, with the word for what it is. */
export const badClaimNumber = (command: string, what: string) => error(`ERR Invalid ${what} argument for ${command}`)
export const unknownClaimOption = (option: string) => error(`ERR Unrecognized XCLAIM option '${untilNul(option)}'`)
export const claimCount = error("ERR COUNT must be > 0")
/** `symbol`: what may stand in the place of an id. */
export const unbalancedStreams = (command: string, symbol: string) =>
  error(`ERR Unbalanced '${command}' list of streams: for each stream key an ID or '${symbol}' must be specified.`)
/** `option`: one that XREAD does not have. */
export const onlyForXreadgroup = (option: string) =>
  error(`ERR The ${option} option is only supported by XREADGROUP. You called XREAD instead.`)
export const invalidStreamId = error("ERR Invalid stream ID specified as stream command argument")
export const invalidRangeStart = error("ERR invalid start ID for the interval")
export const invalidRangeEnd = error("ERR invalid end ID for the interval")
export const indexOutOfRange = error("ERR index out of range")
export const countNotPositive = error("ERR count should be greater than 0")
export const rankIsZero = error(
  "ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list"
)
export const countNegative = error("ERR COUNT can't be negative")
export const maxlenNegative = error("ERR MAXLEN can't be negative")
export const packedThreshold = error("ERR argument must be a memory value bigger than 1 and smaller than 4gb")

export const trimTwice = error("ERR syntax error, MAXLEN and MINID options at the same time are not compatible")
export const limitWithoutTrim = error("ERR syntax error, LIMIT cannot be used without specifying a trimming strategy")
export const limitWithoutTilde = error("ERR syntax error, LIMIT cannot be used without the special ~ option")
export const trimMissing = error("ERR syntax error, XTRIM must be called with a trimming strategy")
export const maxLenNegative = error("ERR The MAXLEN argument must be >= 0.")
export const trimLimitNegative = error("ERR The LIMIT argument must be >= 0.")
export const newIdZero = error("ERR The ID specified in XADD must be greater than 0-0")
export const newIdTooSmall = error("ERR The ID specified in XADD is equal or smaller than the target stream top item")
export const idsExhausted = error("ERR The stream has exhausted the last possible ID, unable to add more items")
export const entryTooLarge = error("ERR Elements are too large to be stored")
export const entriesAddedNegative = error("ERR entries_added must be positive")
export const idBelowGivenMaxDeleted = error(
  "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id"
)
export const idBelowMaxDeleted = error("ERR The ID specified in XSETID is smaller than current max_deleted_entry_id")
export const idBelowTop = error("ERR The ID specified in XSETID is smaller than the target stream top item")
export const entriesAddedBelowLength = error(
  "ERR The entries_added specified in XSETID is smaller than the target stream length"
)
export const newEntriesOfNoGroup = error(
  "ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option."
)

export const reloadOptions = error("ERR DEBUG RELOAD only supports the MERGE, NOFLUSH and NOSAVE options.")
export const noSnapshotFile = error("ERR There is no snapshot file: the dbfilename option is empty")
export const reloadFailed = error("ERR Error trying to load the RDB dump, check server logs.")

export const nxAndXx = error("ERR XX and NX options at the same time are not compatible")
export const gtLtOrNx = error("ERR GT, LT, and/or NX options at the same time are not compatible")
export const incrTakesOnePair = error("ERR INCR option supports a single increment-element pair")
export const scoreNotANumber = error("ERR resulting score is not a number (NaN)")
export const notAScoreRange = error("ERR min or max is not a float")
export const notALexRange = error("ERR min or max not valid string range item")
export const limitWithoutSort = error(
  "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX"
)
export const scoresByLex = error("ERR syntax error, WITHSCORES not supported in combination with BYLEX")
export const weightNotAFloat = error("ERR weight value is not a float")
/** `command` in lower case. */
export const inputKeyNeeded = (command: string) => error(`ERR at least 1 input key is needed for '${command}' command`)

export const notAHyperLogLog = error("WRONGTYPE Key is not a valid HyperLogLog string value.")
export const corruptHyperLogLog = error("INVALIDOBJ Corrupted HLL object detected")
export const notSparse = error("ERR HLL encoding is not sparse")
export const noSpecifiedKey = error("ERR The specified key does not exist")
export const unknownPfdebug = (subcommand: string) => error(`ERR Unknown PFDEBUG subcommand '${untilNul(subcommand)}'`)
/** What PFSELFTEST found wrong. */
export const selfTestFailed = (finding: string) => error(`ERR TESTFAILED ${finding}`)

export const unknownUnit = error("ERR unsupported unit provided. please use M, KM, FT, MI")
export const notOnMap = (longitude: number, latitude: number) =>
  error(`ERR invalid longitude,latitude pair ${sixDigits(longitude)},${sixDigits(latitude)}`)
export const noSuchPlace = error("ERR could not decode requested zset member")
export const radiusNotANumber = error("ERR need numeric radius")
export const radiusNegative = error("ERR radius cannot be negative")
export const widthNotANumber = error("ERR need numeric width")
export const heightNotANumber = error("ERR need numeric height")
export const boxNegative = error("ERR height or width cannot be negative")
export const placesNotPositive = error("ERR COUNT must be > 0")
export const anyWithoutCount = error("ERR the ANY argument requires COUNT argument")
/** `command`: the one that stores, or its option. */
export const storeWithDetails = (command: string) =>
  error(`ERR ${command} is not compatible with WITHDIST, WITHHASH and WITHCOORD options`)
/** `command` with the spelling of the request. */
export const oneCenter = (command: string) =>
  error(`ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for ${command}`)
export const oneArea = (command: string) =>
  error(`ERR exactly one of BYRADIUS and BYBOX can be specified for ${command}`)

export const hashValueNotAnInteger = error("ERR hash value is not an integer")
export const hashValueNotAFloat = error("ERR hash value is not a float")
/** The increment itself is infinite. */
export const infiniteIncrement = error("ERR value is NaN or Infinity")

export const weightsNotDoubles = error("ERR One or more scores can't be converted into double")
