/** Delta debugging (Zeller and Hildebrandt 2002): the smallest list that still shows what the whole list showed. */

/**
 * A list from which no element can be left out any more without losing what `shows` looks for. `shows` must hold for
 * `whole`. It is asked for at most `patience` ms, because a server that hangs takes its time over every answer.
 */
export async function shrink<A>(
  whole: ReadonlyArray<A>,
  shows: (part: ReadonlyArray<A>) => Promise<boolean>,
  patience = 40_000
): Promise<ReadonlyArray<A>> {
  let kept = whole
  const deadline = performance.now() + patience
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length && performance.now() < deadline; ) {
      const part = kept.toSpliced(at, size)
      if (part.length > 0 && (await shows(part))) kept = part
      else at += size
    }
  }
  return kept
}
