/**
 * The bytes of an RDB file as they come to be.
 *
 * Invariant: the pieces taken so far, and what is in the buffer, are the beginning of a file in the format's order.
 */
import type { ObjectValue } from "../keyspace/Value.ts"
import { REDIS_VERSION } from "../ServerIdentity.ts"
import type { Dict, Ref } from "../values/dict/Dict.ts"
import { Slice } from "../values/Slice.ts"
import { RdbOutput } from "./RdbOutput.ts"
import type { ValueWriting } from "./rdb/ValueWriter.ts"
import { beginValue, rdbTypeOf } from "./rdb/valueWriters.ts"
import { MAGIC, Opcode, WRITTEN_VERSION } from "./rdbFormat.ts"

const scratch = new Slice()

export class RdbWriter extends RdbOutput {
  /** The database that keys belong to, as a reader of the file has understood so far. */
  private database = -1
  private readonly announced = new Set<number>()

  /** Begins the file. `now` is in milliseconds since 1970, `memory` the bytes that the server uses. */
  header(now: number, memory: number): void {
    this.raw(Slice.latin1(MAGIC + String(WRITTEN_VERSION).padStart(4, "0")))
    this.auxiliary("redis-ver", REDIS_VERSION)
    this.auxiliary("redis-bits", "64")
    this.auxiliary("ctime", String(Math.floor(now / 1000)))
    this.auxiliary("used-mem", String(memory))
    this.auxiliary("aof-base", "0")
  }

  /** The keys after this belong to that database, of which the file will have so many keys and so many deadlines. */
  select(database: number, keys: number, deadlines: number): void {
    if (database === this.database) return
    this.database = database
    this.byte(Opcode.Database)
    this.writeLength(database)
    if (this.announced.has(database)) return
    this.announced.add(database)
    this.byte(Opcode.Sizes)
    this.writeLength(keys)
    this.writeLength(deadlines)
  }

  /** The deadline of the next key, in milliseconds since 1970. */
  deadline(deadline: number | bigint): void {
    this.byte(Opcode.DeadlineMs)
    this.int64(deadline)
  }

  /** A key, and its value or the beginning of it: what writes the rest, before anything else, is then given back. */
  record(records: Dict<ObjectValue>, ref: Ref): ValueWriting | undefined {
    this.byte(rdbTypeOf(records, ref))
    this.string(records.keySlice(ref, scratch))
    return beginValue(this, records, ref)
  }

  /** Ends the file, but for the checksum. */
  end(): void {
    this.byte(Opcode.End)
  }

  private auxiliary(name: string, value: string): void {
    this.byte(Opcode.Auxiliary)
    this.string(Slice.latin1(name))
    this.string(Slice.latin1(value))
  }
}
