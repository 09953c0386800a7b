/**
 * What XADD and XTRIM take: the id of the new entry, and how the stream is to be trimmed
 * (https://redis.io/docs/latest/commands/xadd/, https://redis.io/docs/latest/commands/xtrim/).
 */
import * as Errors from "../../Errors.ts"
import { parseNewId } from "../../values/stream/parseStreamId.ts"
import type { Stream, TrimTo } from "../../values/stream/Stream.ts"
import { MutableStreamId, StreamId } from "../../values/stream/StreamId.ts"
import type { Args } from "../Args.ts"
import { readId } from "./streamIds.ts"

/** Approximate trimming takes no more entries at once than so many nodes have, by their directive, and than these. */
const NODES_AT_ONCE = 100
const DEFAULT_AT_ONCE = 10_000
const MOST_AT_ONCE = 1_000_000

/** How much of the id of a new entry the stream chooses. */
const Choice = { All: 0, Seq: 1, None: 2 } as const
type Choice = (typeof Choice)[keyof typeof Choice]

/** The options of one request. There is one, which is read anew for each. */
export class StreamAddOptions {
  /** Whether a stream that is not there is made. */
  creates = true
  /** The id of the new entry, as far as it was given. */
  readonly id = new MutableStreamId()
  /** Which word is the id. */
  idAt = 0
  /** Which word says what to keep, behind `=` or `~` if they are there; 0 if nothing is trimmed. */
  keepAt = 0
  /** Only whole nodes go. */
  isApproximate = false
  private choice: Choice = Choice.All
  private keeps: TrimTo = 0
  private readonly minId = new MutableStreamId()
  /** Entries that are deleted at most; 0 for no limit, undefined if nothing was said. */
  private limit: number | undefined

  /** What XADD has between its key and the fields. `isLogged`: the request is one of a log. */
  readAdd(args: Args, isLogged: boolean): void {
    this.reset(args)
    // As most requests have it.
    if (isStar(args, 2)) {
      this.idAt = 2
      return
    }
    for (let i = 2; i < args.count; ) {
      const behind = this.readTrim(args, i)
      if (behind !== i) i = behind
      else if (args.is(i, "nomkstream")) {
        this.creates = false
        i++
      } else {
        this.readNewId(args, i)
        break
      }
    }
    this.checkTrim(isLogged)
  }

  /** What XTRIM has behind its key. */
  readTrimOnly(args: Args, isLogged: boolean): void {
    this.reset(args)
    for (let i = 2; i < args.count; ) {
      const behind = this.readTrim(args, i)
      if (behind === i) throw Errors.syntax
      i = behind
    }
    if (this.keepAt === 0 && !this.limit) throw Errors.trimMissing
    this.checkTrim(isLogged)
  }

  private reset(args: Args): void {
    this.creates = true
    this.choice = Choice.All
    this.idAt = args.count
    this.keepAt = 0
    this.isApproximate = false
    this.limit = undefined
  }

  private readNewId(args: Args, i: number): void {
    this.idAt = i
    if (isStar(args, i)) return
    const isWhole = parseNewId(args.at(i), this.id)
    if (isWhole === undefined) throw Errors.invalidStreamId
    this.choice = isWhole ? Choice.None : Choice.Seq
  }

  /** Reads the option of trimming at `i`, and gives the place behind it; `i` if there is none. */
  private readTrim(args: Args, i: number): number {
    const more = args.count - 1 - i
    if (more === 0) return i
    const isMaxLen = args.is(i, "maxlen")
    if (isMaxLen || args.is(i, "minid")) {
      if (this.keepAt !== 0) throw Errors.trimTwice
      this.isApproximate = more >= 2 && args.is(i + 1, "~")
      this.keepAt = this.isApproximate || (more >= 2 && args.is(i + 1, "=")) ? i + 2 : i + 1
      this.keeps = isMaxLen
        ? notNegative(args, this.keepAt, Errors.maxLenNegative)
        : readId(args, this.keepAt, 0, this.minId)
      return this.keepAt + 1
    }
    if (!args.is(i, "limit")) return i
    this.limit = notNegative(args, i + 1, Errors.trimLimitNegative)
    return i + 2
  }

  /** A limit is for approximate trimming. A log says exactly what was trimmed, and may have the limit beside it. */
  private checkTrim(isLogged: boolean): void {
    if (this.limit && this.keepAt === 0) throw Errors.limitWithoutTrim
    if (isLogged) this.limit = 0
    else if (this.limit !== undefined && !this.isApproximate) throw Errors.limitWithoutTilde
  }

  // ---- the id ----------------------------------------------------------------------------------------------------------

  /** Whether the stream chooses any of the id. */
  get choosesId(): boolean {
    return this.choice !== Choice.None
  }

  /** The id was given as `0-0`. */
  get isZero(): boolean {
    return this.choice === Choice.None && this.id.isMin
  }

  /** Makes `id` that of an entry behind the last; false if that is not possible. */
  completeId(last: StreamId, now: number): boolean {
    const { id } = this
    if (this.choice === Choice.All) {
      id.setNumbers(now, 0)
      return id.compare(last) > 0 || id.set(last).increment()
    }
    if (this.choice === Choice.Seq && id.sameMs(last)) {
      id.set(last).increment()
      if (!id.sameMs(last)) return false
    }
    return id.compare(last) > 0
  }

  // ---- trimming --------------------------------------------------------------------------------------------------------

  /** Trims the stream, and says how many entries it lost. `nodeEntries`: how many a node has at most, 0 for any number. */
  trim(stream: Stream, nodeEntries: number): number {
    const usual = Math.min(NODES_AT_ONCE * nodeEntries, MOST_AT_ONCE)
    const limit = this.isApproximate ? (this.limit ?? (usual || DEFAULT_AT_ONCE)) : 0
    return stream.trim(this.keeps, this.isApproximate, limit)
  }

  /** What an exact trim of the stream as it was would have to keep, to come to the same. */
  keptBy(stream: Stream): string {
    if (typeof this.keeps === "number") return String(stream.length)
    return (stream.readFirstIdKept(this.minId) ? this.minId : StreamId.MAX).toString()
  }
}

const isStar = (args: Args, index: number): boolean => args.is(index, "*")

function notNegative(args: Args, index: number, refusal: Errors.ReplyError): number {
  const value = args.int(index)
  if (value < 0) throw refusal
  return value
}
