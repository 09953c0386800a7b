/**
 * Finds the first place where two transcripts of one program say different things: replies byte for byte, but for the
 * table of relaxed ones, then the databases key by key.
 */
import { printable, quoteText, type Words, wordText } from "../support/request.ts"
import { show } from "../support/showReply.ts"
import type { Family } from "./Family.ts"
import { multiAfter, type Played, type Transcript } from "./Player.ts"
import { decodeReply, relaxedFor, type Same } from "./Relaxed.ts"

/** The first difference between what the reference said and what the subject said. */
export interface Difference {
  /** The command, or what else was compared. */
  readonly about: string
  readonly wanted: string
  readonly given: string
}

/** Kinds of confirmation of (un)subscribing: a command that names several channels has several. */
const CONFIRMATION = /^[*>]3\r\n\$\d+\r\n([ps]?(?:un)?subscribe)\r\n/

/** Messages come on their own: RESP3 pushes, and in RESP2 arrays that begin with their kind. */
const MESSAGE =
  /^(?:>\d+\r\n\$\d+\r\n(?:[ps]?message|invalidate|tracking-redir-broken)|\*[34]\r\n\$\d+\r\n[ps]?message)\r\n/

/** What Redis sends in the order of its hash tables: what comes before the name that decides, the name, and the rest. */
const UNORDERED = [
  /** The end of a subscription, of which one command may end all. */
  /^([*>]3\r\n\$\d+\r\n[ps]?unsubscribe\r\n)(.*)(:\d+\r\n)$/s,
  /** A message that several patterns of one connection match. */
  /^([*>]4\r\n\$8\r\npmessage\r\n)(\$\d+\r\n.*?\r\n)(\$.*)$/s
]

const ENDS_ALL: ReadonlySet<string> = new Set(["UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"])

/** Sorts the names in every row of frames that `same` puts together. */
function sortRows(
  frames: ReadonlyArray<Buffer>,
  pattern: RegExp,
  same: (left: RegExpExecArray, right: RegExpExecArray) => boolean
): Array<Buffer> {
  const parts = frames.map((frame) => pattern.exec(frame.toString("latin1")))
  const ordered = [...frames]
  for (let at = 0; at < frames.length; ) {
    let end = at
    while (parts[at] && parts[end] && same(parts[at]!, parts[end]!)) end++
    const names = parts.slice(at, end).map((part) => part![2]!)
    for (const [offset, name] of names.sort().entries()) {
      const [, before, , after] = parts[at + offset]!
      ordered[at + offset] = Buffer.from(`${before}${name}${after}`, "latin1")
    }
    at = Math.max(end, at + 1)
  }
  return ordered
}

const endsAll = (words: Words): boolean => words.length === 1 && ENDS_ALL.has(nameOf(words).toUpperCase())

/**
 * The frames, with the messages that RESP3 pushes behind the replies: a client that publishes to itself gets the message
 * before the reply in Redis 7.0 and behind it since 7.2. Each kind stays in its order.
 */
function pushesLast(frames: ReadonlyArray<Buffer>): ReadonlyArray<Buffer> {
  const isPush = (frame: Buffer) => frame[0] === 0x3e && MESSAGE.test(frame.toString("latin1", 0, 60))
  return [...frames.filter((frame) => !isPush(frame)), ...frames.filter(isPush)]
}

/** The frames, with names in order where Redis' order is that of a hash table. */
function inNameOrder({ commands, frames }: Played): ReadonlyArray<Buffer> {
  const confirmed = commands.some(endsAll) ? sortRows(frames, UNORDERED[0]!, () => true) : frames
  if (!confirmed.some((frame) => frame.includes("message"))) return confirmed
  return sortRows(pushesLast(confirmed), UNORDERED[1]!, (left, right) => left[3] === right[3])
}

/** A reply as text for a report: decoded where that is possible, never too long. */
function showFrame(frame: Buffer | undefined): string {
  if (frame === undefined) return "(nothing)"
  const wire = quoteText(frame.toString("latin1", 0, 300))
  try {
    return `${printable(show(decodeReply(frame)).slice(0, 600))}    ${wire}`
  } catch {
    return wire
  }
}

function beginsWith(frame: Buffer, pattern: RegExp): boolean {
  const first = frame[0]
  return (first === 0x2a || first === 0x3e) && pattern.test(frame.toString("latin1", 0, 60))
}

/** What a frame confirms: `subscribe`, `punsubscribe` and so on; undefined when it is no confirmation. */
function confirmed(frame: Buffer): string | undefined {
  return frame[0] === 0x2a || frame[0] === 0x3e ? CONFIRMATION.exec(frame.toString("latin1", 0, 60))?.[1] : undefined
}

/** The commands that have a reply: not those that CLIENT REPLY OFF and SKIP keep quiet, nor these themselves. */
function answered(commands: ReadonlyArray<Words>): ReadonlyArray<Words> {
  let mode = "ON"
  return commands.filter((words) => {
    const [client, reply, wanted = ""] = words.slice(0, 3).map((word) => wordText(word).toUpperCase())
    const wasQuiet = mode !== "ON"
    if (mode === "SKIP") mode = "ON"
    if (client === "CLIENT" && reply === "REPLY" && ["ON", "OFF", "SKIP"].includes(wanted)) {
      if (mode !== "OFF" || wanted !== "SKIP") mode = wanted
      return mode === "ON"
    }
    return !wasQuiet
  })
}

/** Says, frame by frame, which command of a batch a reply answers. */
class Attribution {
  private command = -1
  /** What the current command confirms, and how many more confirmations it may have. */
  private kind: string | undefined
  private confirmations = 0

  private readonly commands: ReadonlyArray<Words>

  constructor(commands: ReadonlyArray<Words>) {
    this.commands = answered(commands)
  }

  /** The command that this frame answers; undefined for a message. */
  next(frame: Buffer): Words | undefined {
    if (beginsWith(frame, MESSAGE)) return undefined
    const kind = confirmed(frame)
    if (kind !== undefined && kind === this.kind && this.confirmations > 0) this.confirmations--
    else {
      this.command++
      this.kind = kind
      this.confirmations = kind === undefined ? 0 : this.further()
    }
    return this.commands[this.command]
  }

  /** How many confirmations follow the first; for a command that ends all subscriptions, all that come in a row. */
  private further(): number {
    const command = this.commands[this.command] ?? []
    return endsAll(command) ? Number.POSITIVE_INFINITY : Math.max(0, command.length - 2)
  }
}

const listsChannels = ([command, sub]: Words): boolean =>
  /^PUBSUB$/i.test(wordText(command!)) && sub !== undefined && /CHANNELS$/i.test(wordText(sub))

/**
 * Whether both list the same names. Confirmations that end several subscriptions hide which command a later reply answers, and
 * PUBSUB CHANNELS has the order of a hash table.
 */
function sameNames(wanted: Buffer, given: Buffer): boolean {
  const names = (frame: Buffer) => {
    const reply = decodeReply(frame)
    return reply._tag === "Array" ? reply.items.map(show).sort().join(" ") : undefined
  }
  return names(wanted) !== undefined && names(wanted) === names(given)
}

/** Compares the replies of one program, and remembers what each connection has queued, for the replies inside EXEC's. */
class Comparison {
  private readonly queued = new Map<number, Array<Words>>()

  batch(wanted: Played, given: Played | undefined): Difference | undefined {
    const about = wanted.commands.map((words) => wordText(words[0]!)).join(" ")
    if (given === undefined) return { about, wanted: "an exchange", given: "(nothing)" }
    const attribution = new Attribution(wanted.commands)
    const frames = inNameOrder(wanted)
    const others = inNameOrder(given)
    const listed = wanted.commands.some(listsChannels)
    // A socket that is closed with requests unread resets the connection, and the client may lose replies it has not read.
    const mayBeCut = wanted.ending === "closed" && given.ending === "closed"
    for (const [index, frame] of frames.entries()) {
      const command = attribution.next(frame)
      const other = others[index]
      if (other === undefined && mayBeCut) return undefined
      const agrees =
        other !== undefined &&
        (this.sameFrame(wanted.connection, command, frame, other) || (listed && sameNames(frame, other)))
      if (!agrees) {
        return {
          about: command === undefined ? "a message" : nameOf(command),
          wanted: showFrame(frame),
          given: showFrame(other)
        }
      }
      if (command !== undefined) this.remember(wanted.connection, command, frame)
    }
    const extra = given.frames[wanted.frames.length]
    if (extra !== undefined && !mayBeCut)
      return { about: `after ${about}`, wanted: "(nothing)", given: showFrame(extra) }
    return wanted.ending === given.ending
      ? undefined
      : { about: `after ${about}`, wanted: wanted.ending, given: given.ending }
  }

  private sameFrame(connection: number, command: Words | undefined, wanted: Buffer, given: Buffer): boolean {
    if (wanted.equals(given)) return true
    if (command === undefined) return false
    try {
      return this.same(connection, command)(decodeReply(wanted), decodeReply(given), command)
    } catch {
      return false
    }
  }

  private same(connection: number, command: Words): Same {
    const queued = this.queued.get(connection) ?? []
    if (nameOf(command).toUpperCase() !== "EXEC") return sameOf(command)
    return (wanted, given) =>
      wanted._tag === "Array" &&
      given._tag === "Array" &&
      wanted.items.length === given.items.length &&
      wanted.items.every((item, index) => {
        const command = queued[index] ?? []
        return sameOf(command)(item, given.items[index]!, command)
      })
  }

  private remember(connection: number, command: Words, frame: Buffer): void {
    const queued = this.queued.get(connection)
    if (queued !== undefined && frame.equals(QUEUED)) queued.push(command)
    else if (!multiAfter(queued !== undefined, [command])) this.queued.delete(connection)
    else if (queued === undefined) this.queued.set(connection, [])
  }
}

const QUEUED = Buffer.from("+QUEUED\r\n")

const nameOf = (command: Words): string => wordText(command[0] ?? "")

const exactly: Same = (wanted, given) => show(wanted) === show(given) && wanted._tag === given._tag

function sameOf(command: Words): Same {
  const entry = relaxedFor(command)
  if (entry === undefined) return exactly
  return (wanted, given) =>
    exactly(wanted, given, command) ||
    ((wanted._tag !== "Error" || entry.errors === true) && entry.same(wanted, given, command))
}

const SCORE = /="(\d+\.\d+)"/
/** What the last digit of a sine makes of a distance, most of all of one that leads to the other end of the world. */
const DISTANCE_ERROR = 2e-8

/** The same but for the last digits of scores. */
function sameButForDistances(wanted: string, given: string): boolean {
  const [left, right] = [wanted.split(SCORE), given.split(SCORE)]
  const isNear = (score: number, other: number) => Math.abs(score - other) <= DISTANCE_ERROR * score
  return (
    left.length === right.length &&
    left.every((text, at) => text === right[at] || (at % 2 === 1 && isNear(Number(text), Number(right[at]))))
  )
}

function compareStates(
  wanted: Transcript["state"],
  given: Transcript["state"],
  { storesDistances = false }: Family
): Difference | undefined {
  let areSame = true
  for (const key of new Set([...wanted.keys.keys(), ...given.keys.keys()])) {
    const [left, right] = [wanted.keys.get(key), given.keys.get(key)]
    if (left === right) continue
    areSame = false
    if (!storesDistances || left === undefined || right === undefined || !sameButForDistances(left, right))
      return { about: `final state of ${key}`, wanted: left ?? "(absent)", given: right ?? "(absent)" }
  }
  if (!areSame || wanted.digest === given.digest || given.digest.startsWith("-ERR unknown command 'DEBUG'"))
    return undefined
  return { about: "DEBUG DIGEST", wanted: wanted.digest, given: given.digest }
}

/** The first difference between what the reference and the subject did with a program. */
export function compare(wanted: Transcript, given: Transcript, family: Family): Difference | undefined {
  const comparison = new Comparison()
  for (const [index, played] of wanted.played.entries()) {
    const difference = comparison.batch(played, given.played[index])
    if (difference !== undefined) return difference
  }
  return compareStates(wanted.state, given.state, family)
}
