/** Things with names of any bytes, kept by those as text of one character a byte. */

/** The things in the order of their names' bytes. */
export const byName = <A>(things: ReadonlyMap<string, A>): ReadonlyArray<A> =>
  [...things].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, thing]) => thing)
