/**
 * How a value is read that may come in pieces: a generator that says what to do with each piece, so that a large collection
 * need not be in memory as a whole beside the one that is made of it.
 *
 * Invariant: what is yielded takes everything out of the input before it changes anything, because it is called again when
 * the piece had not come whole. The bytes it took are valid until the next piece.
 */
import type { CollectionSettings, DetachedValue } from "../../keyspace/DetachedValue.ts"
import { Fault, type RdbInput, Shortage } from "../RdbInput.ts"

/** A value in the making; undefined is an empty collection, which is left out as Redis does. */
export type ValueReading = Generator<() => void, DetachedValue | undefined, void>

export type ReadValue = (input: RdbInput, settings: CollectionSettings) => ValueReading

/** Reads one piece, and goes on with what it gives. */
export function* piece<A>(read: () => A): Generator<() => void, A, void> {
  let result!: A
  yield () => {
    result = read()
  }
  return result
}

/** A value that is one string in the file. */
export const readBlob = (
  convert: (bytes: ReturnType<RdbInput["string"]>, settings: CollectionSettings) => DetachedValue | undefined
): ReadValue =>
  function* (input, settings) {
    return convert(yield* piece(() => input.string()), settings)
  }

/** The value of an input that is complete. */
export function readAtOnce(input: RdbInput, reading: ValueReading): DetachedValue | undefined {
  try {
    for (let step = reading.next(); ; step = reading.next()) {
      if (step.done) return step.value
      step.value()
    }
  } catch (stop) {
    if (stop instanceof Shortage) throw new Fault(`it ends too early, after ${input.available} bytes`)
    throw stop
  }
}
