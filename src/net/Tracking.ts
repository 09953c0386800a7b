/**
 * CLIENT TRACKING: the server remembers which keys a client may have cached and tells it when they change
 * (https://redis.io/docs/latest/develop/reference/client-side-caching/).
 *
 * Invariant: as long as no client tracks, `active` is false and the server need not call anything here; a client's
 * `tracking` is set exactly while it tracks.
 */
import * as Errors from "../Errors.ts"
import type { Inbox } from "../pubsub/Inbox.ts"
import type { Slice } from "../values/Slice.ts"
import { Broadcasts } from "./Broadcasts.ts"
import { CachedKeys } from "./CachedKeys.ts"
import { BrokenRedirection, Invalidation } from "./Invalidation.ts"

/** The options of CLIENT TRACKING ON, as they were given. */
export interface TrackingOptions {
  readonly bcast: boolean
  readonly optin: boolean
  readonly optout: boolean
  readonly noloop: boolean
  /** The id of the client that is to receive the invalidations; 0 is the client itself. */
  readonly redirect: number
  /** Latin1 text. Only with `bcast`. */
  readonly prefixes: ReadonlyArray<string>
}

/** `default`: what it reads; `optin`, `optout`: as CLIENT CACHING says; `bcast`: whatever begins with its prefixes. */
export type TrackingMode = "default" | "optin" | "optout" | "bcast"

/** What is known of a client that tracks. */
export interface Tracking {
  readonly mode: TrackingMode
  /** It is not told of keys that it changed itself. */
  readonly noloop: boolean
  /** The id of the client that receives its invalidations; 0 is itself. */
  readonly redirect: number
  redirectBroken: boolean
  /** CLIENT CACHING was sent: the next command is the exception from `optin` or `optout`. */
  cachingGiven: boolean
  readonly prefixes: Set<string>
}

/** A client as far as tracking is concerned. */
export interface TrackingClient {
  readonly id: number
  readonly protocol: 2 | 3
  readonly inbox: Inbox | undefined
  readonly openInbox: () => Inbox
  tracking: Tracking | undefined
}

/** How many keys too many are dropped after a command; the longer there are too many, the more. */
const EVICTIONS = 100

export class TrackingTable {
  /** The client whose commands run now; none while the server itself removes keys. */
  caller: TrackingClient | undefined
  private readonly cached = new CachedKeys()
  private readonly broadcasts = new Broadcasts<TrackingClient>()
  private readonly trackers = new Set<TrackingClient>()
  /** What the caller has changed of what it caches itself (undefined: everything): told after its reply. */
  private readonly own: Array<string | undefined> = []
  /** After how many commands in succession there were too many keys. */
  private overruns = 0

  constructor(
    private readonly client: (id: number) => TrackingClient | undefined,
    /** `tracking-table-max-keys`, now; 0 is no limit. */
    private readonly maxKeys: () => number
  ) {}

  /** Whether any client tracks. */
  get active(): boolean {
    return this.trackers.size > 0
  }

  /** INFO's tracking_clients, tracking_total_keys, tracking_total_items and tracking_total_prefixes. */
  get clients(): number {
    return this.trackers.size
  }

  get totalKeys(): number {
    return this.cached.size
  }

  get totalItems(): number {
    return this.cached.items
  }

  get totalPrefixes(): number {
    return this.broadcasts.size
  }

  // ---- commands ------------------------------------------------------------------------------------------------------

  /** CLIENT TRACKING ON. Throws the reply's error when the options do not go together or with what is on already. */
  enable(client: TrackingClient, options: TrackingOptions): void {
    const before = client.tracking
    const mode = modeOf(before, options)
    const prefixes = before?.prefixes ?? new Set<string>()
    if (mode === "bcast") {
      refuseOverlaps(options.prefixes, [...prefixes].sort())
      for (const prefix of options.prefixes.length > 0 ? options.prefixes : [""]) {
        prefixes.add(prefix)
        this.broadcasts.add(prefix, client)
      }
    }
    const { noloop, redirect } = options
    client.tracking = { mode, noloop, redirect, redirectBroken: false, cachingGiven: false, prefixes }
    this.trackers.add(client)
  }

  /** CLIENT TRACKING OFF, RESET, or the client is gone. What it cached stays in the table until it changes. */
  forget(client: TrackingClient): void {
    for (const prefix of client.tracking?.prefixes ?? []) this.broadcasts.remove(prefix, client)
    client.tracking = undefined
    this.trackers.delete(client)
  }

  /** CLIENT CACHING YES or NO. Throws the reply's error when the client's mode has no use for it. */
  caching(client: TrackingClient, yes: boolean): void {
    const { tracking } = client
    if (tracking === undefined) throw Errors.cachingWithoutTracking
    if (tracking.mode !== (yes ? "optin" : "optout")) throw yes ? Errors.cachingYes : Errors.cachingNo
    tracking.cachingGiven = true
  }

  // ---- the way of a command ------------------------------------------------------------------------------------------

  /** A read-only command of the client has this key among its words. */
  remember(client: TrackingClient, key: Slice): void {
    if (client.tracking !== undefined && mayCache(client.tracking)) this.cached.add(key.toString(), client.id)
  }

  /** The caller has changed the key. */
  changed(key: Slice): void {
    this.invalidate(key, this.caller)
  }

  /** The server has removed the key (expired, evicted). */
  removed(key: Slice): void {
    this.invalidate(key, undefined)
  }

  /** FLUSHALL or FLUSHDB: every client that tracks may forget everything. */
  flushed(): void {
    for (const client of this.trackers) this.tellInTurn(client, undefined)
    this.cached.clear()
  }

  /**
   * The caller's command has written its reply (EXEC: the whole of it). `keepsCaching`: it was a CLIENT command or was only
   * queued, so that CLIENT CACHING still counts for the next.
   */
  endCommand(keepsCaching: boolean): void {
    this.tellCaller()
    if (!keepsCaching && this.caller?.tracking !== undefined) this.caller.tracking.cachingGiven = false
    this.evict()
  }

  /** All commands of a batch have run: tells the clients in broadcasting mode what changed. */
  endBatch(): void {
    this.tellCaller()
    this.caller = undefined
    if (!this.broadcasts.due) return
    this.broadcasts.collect(
      (client) => client.tracking?.noloop !== true,
      (client, keys) => this.send(client, new Invalidation(keys))
    )
  }

  private invalidate(key: Slice, writer: TrackingClient | undefined): void {
    if (this.cached.size === 0 && this.broadcasts.size === 0) return
    const name = key.toString()
    this.broadcasts.changed(name, writer)
    for (const id of this.cached.take(name)) {
      const client = this.client(id)
      if (!isCaching(client) || (client === this.caller && client.tracking.noloop)) continue
      this.tellInTurn(client, name)
    }
  }

  /** The client whose command runs is told after the reply, the others now. */
  private tellInTurn(client: TrackingClient, key: string | undefined): void {
    if (client === this.caller) this.own.push(key)
    else this.tell(client, key)
  }

  private tellCaller(): void {
    if (this.caller === undefined || this.own.length === 0) return
    for (const key of this.own) this.tell(this.caller, key)
    this.own.length = 0
  }

  private tell(client: TrackingClient, key: string | undefined): void {
    this.send(client, new Invalidation(key === undefined ? undefined : [key]))
  }

  /** RESP2 has no pushes: there only another connection, in subscribe mode, can be told. */
  private send(client: TrackingClient, invalidation: Invalidation): void {
    const { tracking } = client
    if (tracking === undefined) return
    const { redirect } = tracking
    const receiver = redirect === 0 ? client : this.client(redirect)
    if (receiver === undefined) {
      tracking.redirectBroken = true
      const broken = new BrokenRedirection(redirect)
      if (client.protocol === 3) client.openInbox().offer(broken, broken.bytes)
    } else if (receiver.protocol === 3 || (redirect !== 0 && receiver.inbox?.isSubscribed)) {
      receiver.openInbox().offer(invalidation, invalidation.bytes)
    }
  }

  /** The keys in the table for longest go first; whoever caches them is told to forget them. */
  private evict(): void {
    const maxKeys = this.maxKeys()
    const excess = maxKeys === 0 ? 0 : this.cached.size - maxKeys
    if (excess <= 0) {
      this.overruns = 0
      return
    }
    this.overruns++
    for (let left = Math.min(excess, EVICTIONS * this.overruns); left > 0; left--) {
      const key = this.cached.oldest!
      for (const id of this.cached.take(key)) {
        const client = this.client(id)
        if (isCaching(client)) this.tell(client, key)
      }
    }
  }
}

/** Whether the client, if it is still there, tracks by what it reads. */
function isCaching(client: TrackingClient | undefined): client is TrackingClient & { readonly tracking: Tracking } {
  return client?.tracking !== undefined && client.tracking.mode !== "bcast"
}

/** Whether what the client reads now counts as cached. */
function mayCache({ mode, cachingGiven }: Tracking): boolean {
  return mode === "default" || (mode === "optin" && cachingGiven) || (mode === "optout" && !cachingGiven)
}

function modeOf(before: Tracking | undefined, { bcast, optin, optout, prefixes }: TrackingOptions): TrackingMode {
  if (!bcast && prefixes.length > 0) throw Errors.prefixWithoutBroadcast
  if (before !== undefined && (before.mode === "bcast") !== bcast) throw Errors.broadcastSwitch
  if (bcast && (optin || optout)) throw Errors.broadcastWithOptions
  if (optin && optout) throw Errors.optinAndOptout
  if ((optin && before?.mode === "optout") || (optout && before?.mode === "optin")) throw Errors.optionSwitch
  return bcast ? "bcast" : optin ? "optin" : optout ? "optout" : "default"
}

const overlap = (a: string, b: string) => a.startsWith(b) || b.startsWith(a)

/** Of two prefixes, one of which begins with the other, a client would be told of the same key twice. */
function refuseOverlaps(prefixes: ReadonlyArray<string>, existing: ReadonlyArray<string>): void {
  for (const [i, prefix] of prefixes.entries()) {
    const old = existing.find((other) => overlap(prefix, other))
    if (old !== undefined) throw Errors.prefixOverlap(prefix, "an existing", old)
    const provided = prefixes.slice(i + 1).find((other) => overlap(prefix, other))
    if (provided !== undefined) throw Errors.prefixOverlap(prefix, "another provided", provided)
  }
}

/** CLIENT TRACKINGINFO's flags. */
export function trackingFlags(tracking: Tracking | undefined): ReadonlyArray<string> {
  if (tracking === undefined) return ["off"]
  const flags = ["on"]
  if (tracking.mode !== "default") flags.push(tracking.mode)
  if (tracking.cachingGiven) flags.push(tracking.mode === "optin" ? "caching-yes" : "caching-no")
  if (tracking.noloop) flags.push("noloop")
  if (tracking.redirectBroken) flags.push("broken_redirect")
  return flags
}

/** CLIENT GETREDIR's answer: -1 when the client does not track, 0 when its invalidations are not redirected. */
export const redirectionOf = (tracking: Tracking | undefined): number => tracking?.redirect ?? -1
