/** Delta debugging (Zeller and Hildebrandt 2002): the smallest list that still shows what the whole list showed. */

/**
 * A list from which no element can be left out any more without losing what `shows` looks for. `shows` is asked at most
 * `most` times; it must hold for `whole`.
 */
export async function shrink<A>(
  whole: ReadonlyArray<A>,
  shows: (part: ReadonlyArray<A>) => Promise<boolean>,
  most = 600
): Promise<ReadonlyArray<A>> {
  let kept = whole
  let asked = 0
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length && asked < most; ) {
      const part = kept.toSpliced(at, size)
      asked++
      if (part.length > 0 && (await shows(part))) kept = part
      else at += size
    }
  }
  return kept
}
