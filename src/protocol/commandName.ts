/**
 * Command names on the wire: found by a hash of their case-folded bytes, so that no request makes a string.
 *
 * Invariant: two spellings of a name that differ only in case have the same hash; equal hashes prove nothing, so a hit
 * is verified with `sameName`.
 */

/** No name is longer; what follows does not take part in the hash, so that a huge first word costs nothing. */
const HASHED_BYTES = 32

/** One more byte. The bit that separates upper from lower case is set, which is all the folding a hash needs. */
const mix = (hash: number, byte: number) => (Math.imul(hash, 31) + (byte | 32)) | 0

/** A 32-bit hash of the `length` bytes of `bytes` from `start` on, the same for every case. */
export function hashName(bytes: Uint8Array, start: number, length: number): number {
  const end = start + Math.min(length, HASHED_BYTES)
  let hash = length
  for (let i = start; i < end; i++) hash = mix(hash, bytes[i]!)
  return hash
}

/** The hash under which a request for `name` (latin1) arrives. */
export function hashNameOf(name: string): number {
  const hashed = Math.min(name.length, HASHED_BYTES)
  let hash = name.length
  for (let i = 0; i < hashed; i++) hash = mix(hash, name.charCodeAt(i))
  return hash
}

/** Whether the `length` bytes from `start` on spell `lowerCaseName`, in whatever case. */
export function sameName(bytes: Uint8Array, start: number, length: number, lowerCaseName: string): boolean {
  if (length !== lowerCaseName.length) return false
  for (let i = 0; i < length; i++) {
    let byte = bytes[start + i]!
    if (byte >= 65 && byte <= 90) byte += 32
    if (byte !== lowerCaseName.charCodeAt(i)) return false
  }
  return true
}
