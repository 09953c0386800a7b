/**
 * The prefixes of CLIENT TRACKING's broadcasting mode: whoever asked for a prefix is told of every changed key that begins
 * with it, read or not. Changes are gathered and told once a batch, as one list a prefix.
 *
 * Invariant: a prefix is here exactly as long as some client asks for it. Keys and prefixes are latin1 text, so that the
 * order of the strings is that of their bytes.
 */

interface Prefix<Client> {
  readonly clients: Set<Client>
  /** The keys changed since the last collection, each with its last writer (none when the server removed it). */
  readonly changed: Map<string, Client | undefined>
}

export class Broadcasts<Client> {
  private readonly prefixes = new Map<string, Prefix<Client>>()
  /** Prefixes with changed keys. */
  private readonly changedPrefixes = new Set<string>()

  /** How many different prefixes are asked for. */
  get size(): number {
    return this.prefixes.size
  }

  /** Whether any key has changed that somebody wants to know of. */
  get due(): boolean {
    return this.changedPrefixes.size > 0
  }

  add(prefix: string, client: Client): void {
    const entry = this.prefixes.get(prefix)
    if (entry !== undefined) entry.clients.add(client)
    else this.prefixes.set(prefix, { clients: new Set([client]), changed: new Map() })
  }

  remove(prefix: string, client: Client): void {
    const entry = this.prefixes.get(prefix)
    if (entry === undefined || !entry.clients.delete(client) || entry.clients.size > 0) return
    this.prefixes.delete(prefix)
    this.changedPrefixes.delete(prefix)
  }

  changed(key: string, writer: Client | undefined): void {
    for (const [prefix, entry] of this.prefixes) {
      if (!key.startsWith(prefix)) continue
      entry.changed.set(key, writer)
      this.changedPrefixes.add(prefix)
    }
  }

  /**
   * Gives every client of a prefix the keys changed since the last time, prefix by prefix in the order of their bytes, the
   * keys likewise. `ownToo` tells whether a client wants the keys that it changed itself.
   */
  collect(ownToo: (client: Client) => boolean, deliver: (client: Client, keys: ReadonlyArray<string>) => void): void {
    for (const prefix of [...this.changedPrefixes].sort()) {
      const entry = this.prefixes.get(prefix)
      // Its last client did not take what it was told of another prefix, and has been cut off.
      if (entry === undefined) continue
      const { clients, changed } = entry
      const all = [...changed.keys()].sort()
      for (const client of clients) {
        const keys = ownToo(client) ? all : all.filter((key) => changed.get(key) !== client)
        if (keys.length > 0) deliver(client, keys)
      }
      changed.clear()
    }
    this.changedPrefixes.clear()
  }
}
