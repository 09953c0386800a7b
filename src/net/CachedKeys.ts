/**
 * Which client may have which key in its cache: the table of CLIENT TRACKING's default mode.
 *
 * Most keys are cached by one client, so its id stands in the table by itself; only a second one makes it a set.
 *
 * Invariant: `items` is the number of pairs (key, client); a key without clients is not in the table.
 */
export class CachedKeys {
  private readonly readers = new Map<string, number | Set<number>>()
  private pairs = 0

  /** How many keys are cached by someone. */
  get size(): number {
    return this.readers.size
  }

  /** How many pairs of a key and a client that caches it there are. */
  get items(): number {
    return this.pairs
  }

  /** The key that has been in the table for longest. */
  get oldest(): string | undefined {
    return this.readers.keys().next().value
  }

  add(key: string, client: number): void {
    const readers = this.readers.get(key)
    if (readers === client || (readers instanceof Set && readers.has(client))) return
    if (readers === undefined) this.readers.set(key, client)
    else if (readers instanceof Set) readers.add(client)
    else this.readers.set(key, new Set([readers, client]))
    this.pairs++
  }

  /** Removes the key and gives back who cached it. */
  take(key: string): Iterable<number> {
    const readers = this.readers.get(key)
    if (readers === undefined) return []
    this.readers.delete(key)
    const clients = readers instanceof Set ? readers : new Set([readers])
    this.pairs -= clients.size
    return clients
  }

  clear(): void {
    this.readers.clear()
    this.pairs = 0
  }
}
