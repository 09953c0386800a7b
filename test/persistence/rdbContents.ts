/** What is in a snapshot, as the reader finds it. */
import type { DetachedValue } from "../../src/keyspace/DetachedValue.ts"
import { defaultLimits } from "../../src/keyspace/limits.ts"
import { RdbReader, type RdbVisitor } from "../../src/persistence/RdbReader.ts"
import type { Slice } from "../../src/values/Slice.ts"

export interface Entry {
  readonly db: number
  readonly key: string
  readonly value: string
  readonly deadline: number | bigint
}

class Collected implements RdbVisitor {
  readonly entries: Array<Entry> = []
  private db = 0

  database(number: number): string | undefined {
    this.db = number
    return number > 99 ? `no database ${number}` : undefined
  }

  record(key: Slice, value: DetachedValue, deadline: number | bigint): undefined {
    const text = "bytes" in value ? value.bytes.toString() : "a collection"
    this.entries.push({ db: this.db, key: key.toString(), value: text, deadline })
  }
}

/** Reads the bytes in pieces of that size; gives back what was found, and why it was refused or that it has no end. */
export function read(bytes: Uint8Array, piece = bytes.length) {
  const found = new Collected()
  const reader = new RdbReader(found, { limits: defaultLimits, hashSeed: [1, 2] })
  let reason: string | undefined
  for (let at = 0; at < bytes.length && reason === undefined; at += piece)
    reason = reader.push(bytes.slice(at, at + piece))
  return { entries: found.entries, reason: reason ?? (reader.ended ? undefined : "no end"), reader }
}

/** The strings of a complete snapshot as `db/key=value`, with `@deadline` where there is one, in order of the text. */
export function stringsOf(bytes: Uint8Array): ReadonlyArray<string> {
  const { entries, reason } = read(bytes)
  if (reason !== undefined) throw new Error(`no snapshot: ${reason}`)
  return entries
    .map(({ db, deadline, key, value }) => `${db}/${key}=${value}${deadline === -1 ? "" : `@${deadline}`}`)
    .sort()
}
