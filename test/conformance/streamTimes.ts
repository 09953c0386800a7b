/**
 * Replies about consumer groups: the same but for the times in them, which count from the moment at which each server ran the
 * command, and for the fields that 7.2 added to those that Redis 7.0 has.
 */
import type { Reply } from "../../src/protocol/ReplyDecoder.ts"
import { show } from "../support/showReply.ts"

/** Fields of consumers that are times, in ms. */
const TIMES = new Set(['"idle"', '"seen-time"'])
/** Fields of consumers that came with 7.2. */
const NEW_FIELDS = new Set(['"inactive"', '"active-time"'])

/** A part of a reply: text that has to be the same, or a time. */
type Part = { readonly text: string } | { readonly time: bigint }

const text = (of: string): Part => ({ text: of })

function pairsOf(reply: Reply): ReadonlyArray<readonly [Reply, Reply]> | undefined {
  if (reply._tag === "Map") return reply.entries
  if (reply._tag !== "Array" || reply.items.length % 2 === 1) return undefined
  const { items } = reply
  return Array.from({ length: items.length / 2 }, (_, i) => [items[2 * i]!, items[2 * i + 1]!] as const)
}

const isInteger = (reply: Reply | undefined): boolean => reply?._tag === "Integer"

/** A pending entry: its id, perhaps whose it is, a time, and how often it was delivered. */
function isPending(reply: Reply): boolean {
  if (reply._tag !== "Array" || reply.items.length < 3 || reply.items.length > 4) return false
  return reply.items[0]!._tag === "Bulk" && reply.items.slice(-2).every(isInteger)
}

function parts(reply: Reply): ReadonlyArray<Part> {
  if (isPending(reply) && reply._tag === "Array") {
    const time = reply.items[reply.items.length - 2]!
    return reply.items.flatMap((item) => (item === time ? timeOf(item) : [text(show(item))]))
  }
  const pairs = pairsOf(reply)
  if (pairs?.some(([field]) => TIMES.has(show(field)))) {
    const kept = pairs.filter(([field]) => !NEW_FIELDS.has(show(field)))
    return kept.flatMap(([field, value]) => [
      text(show(field)),
      ...(TIMES.has(show(field)) ? timeOf(value) : parts(value))
    ])
  }
  if (reply._tag === "Map") return reply.entries.flatMap(([field, value]) => [text(show(field)), ...parts(value)])
  if (reply._tag === "Array") return [text(`${reply.items.length}`), ...reply.items.flatMap(parts)]
  return [text(show(reply))]
}

const timeOf = (reply: Reply): ReadonlyArray<Part> =>
  reply._tag === "Integer" ? [{ time: BigInt(reply.value) }] : [text(show(reply))]

/** Whether the replies are the same, with times that are at most so many ms apart. */
export const sameWithin =
  (most: number) =>
  (wanted: Reply, given: Reply): boolean => {
    if (wanted._tag !== given._tag) return false
    const [left, right] = [parts(wanted), parts(given)]
    const near = (a: bigint, b: bigint) => a - b <= most && b - a <= most
    return (
      left.length === right.length &&
      left.every((part, at) => {
        const other = right[at]!
        return "time" in part
          ? "time" in other && near(part.time, other.time)
          : "text" in other && part.text === other.text
      })
    )
  }
