/**
 * DEBUG DIGEST: 20 bytes that are the same for two servers exactly when (short of a collision) they hold the same data.
 * The algorithm is redis-server's, so that its data sets and ours can be compared.
 *
 * Invariant: the order in which keys and databases are visited does not matter; what has an order inside a value does.
 */
import { hash } from "node:crypto"
import { Slice } from "../values/Slice.ts"
import type { Database, Ref } from "./Database.ts"

const BYTES = 20
const EXPIRES = Buffer.from("!!expire!!")

const sha1 = (bytes: Uint8Array): Buffer => hash("sha1", bytes, "buffer")

/** A number as four bytes, the highest first. */
function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A digest in the making. */
class Digest {
  private bytes: Uint8Array = new Uint8Array(BYTES)

  /** Adds something whose place does not matter: adding it in another order gives the same. */
  add(bytes: Uint8Array): void {
    const hashed = sha1(bytes)
    for (let i = 0; i < BYTES; i++) this.bytes[i]! ^= hashed[i]!
  }

  /** Adds something whose place matters. */
  append(bytes: Uint8Array): void {
    this.add(bytes)
    this.bytes = sha1(this.bytes)
  }

  addDigest(other: Digest): void {
    this.add(other.bytes)
  }

  toString(): string {
    return Buffer.from(this.bytes).toString("hex")
  }
}

const scratch = new Slice()

/** The type, the value, and whether there is a deadline (but not which: clocks differ). */
function appendValue(digest: Digest, db: Database, ref: Ref): void {
  digest.append(word(db.dict.type(ref)))
  digest.append(db.string(ref, scratch).view())
  if (db.deadline(ref) !== -1) digest.add(EXPIRES)
}

/** 40 hexadecimal digits for what is under a key; zeros for nothing. */
export function valueDigest(db: Database, ref: Ref): string {
  const digest = new Digest()
  if (ref !== 0) appendValue(digest, db, ref)
  return digest.toString()
}

/** 40 hexadecimal digits for all keys of all databases; keys past their deadline do not count. */
export function datasetDigest(databases: ReadonlyArray<Database>): string {
  const whole = new Digest()
  for (const db of databases) {
    if (db.size === 0) continue
    whole.append(word(db.index))
    db.dict.forEach((ref) => {
      if (db.isExpired(ref)) return
      const digest = new Digest()
      digest.append(db.dict.keySlice(ref, scratch).view())
      appendValue(digest, db, ref)
      whole.addDigest(digest)
    })
  }
  return whole.toString()
}
