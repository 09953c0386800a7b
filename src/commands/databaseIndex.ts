/** The numbers of databases among the words of SELECT, MOVE, COPY and SWAPDB. */
import { dbIndexOutOfRange, not32Bits, type ReplyError } from "../Errors.ts"
import type { Args } from "./Args.ts"
import type { Context } from "./Context.ts"

/** A number of 32 bits; `refusal` is for everything else, where the command has an error of its own. */
export function databaseNumber(args: Args, index: number, refusal?: ReplyError): number {
  const number = args.int(index, refusal)
  if ((number | 0) !== number) throw refusal ?? not32Bits
  return number
}

/** The number itself if there is such a database. */
export function existingDatabase({ keyspace }: Context, number: number): number {
  if (number < 0 || number >= keyspace.databases.length) throw dbIndexOutOfRange
  return number
}

/** The number, at `index`, of a database that exists. */
export const databaseIndex = (ctx: Context, index: number): number =>
  existingDatabase(ctx, databaseNumber(ctx.args, index))
