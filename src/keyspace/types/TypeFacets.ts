/**
 * What each type of value has to say of itself to parts of the server that treat all types alike: OBJECT and DEBUG, the
 * digest, and the log that is written anew.
 */
import type { Slice } from "../../values/Slice.ts"
import type { Database, Ref } from "../Database.ts"
import type { Digest } from "../Digest.ts"

/** Takes a command, by its words; slices are valid during the call only. */
export type EmitCommand = (words: ReadonlyArray<Slice | Uint8Array | string | number | bigint>) => void

export interface TypeFacets {
  /** How Redis would keep the value: OBJECT ENCODING's answer. */
  readonly encodingName: (db: Database, ref: Ref) => string
  /** How many keys hold the very same value, if that may be more than one. */
  readonly referenceCount?: (db: Database, ref: Ref) => number
  /** Adds what the value holds to the digest, as redis-server does. */
  readonly appendTo: (digest: Digest, db: Database, ref: Ref) => void
  /** Gives the commands that build the value up again under the key, where there is nothing. */
  readonly rebuild: (db: Database, ref: Ref, key: Slice, emit: EmitCommand) => void
}
