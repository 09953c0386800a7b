/**
 * How members go into replies: alone or with their scores, which RESP3 keeps together as an array of two.
 */
import type { ReplyWriter } from "../../protocol/ReplyWriter.ts"
import type { Slice } from "../../values/Slice.ts"

/** The beginning of a reply of so many members. */
export function writeMemberCount(reply: ReplyWriter, members: number, withScores: boolean): void {
  reply.array(withScores && reply.protocol === 2 ? 2 * members : members)
}

export function writeMember(reply: ReplyWriter, member: Slice, score: number, withScores: boolean): void {
  if (withScores && reply.protocol === 3) reply.array(2)
  reply.bulk(member)
  if (withScores) reply.double(score)
}
