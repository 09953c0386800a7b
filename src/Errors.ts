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
