/**
 * A digest in the making, of some parts whose order does not matter and others whose order does: the algorithm is
 * redis-server's, for DEBUG DIGEST.
 */
import { hash } from "node:crypto"

const BYTES = 20

const sha1 = (bytes: Uint8Array): Buffer => hash("sha1", bytes, "buffer")

/** A number as four bytes, the highest first. */
export function word(value: number): Uint8Array {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** A digest in the making. */
export class Digest {
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
