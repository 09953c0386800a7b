/** Every family, by name. */
import type { Family } from "../Family.ts"
import { bitmaps } from "./bitmaps.ts"
import { connection } from "./connection.ts"
import { dump } from "./dump.ts"
import { expiry } from "./expiry.ts"
import { facts } from "./facts.ts"
import { geo } from "./geo.ts"
import { hashes, largeHashes } from "./hashes.ts"
import { hyperloglog } from "./hyperloglog.ts"
import { keys } from "./keys.ts"
import { lists, plainLists, shortLists, waitingLists } from "./lists.ts"
import { notifications } from "./notifications.ts"
import { protocol } from "./protocol.ts"
import { pubsub } from "./pubsub.ts"
import { server } from "./server.ts"
import { largeSets, sets } from "./sets.ts"
import { sort } from "./sort.ts"
import { largeSortedsets, sortedsets } from "./sortedsets.ts"
import { streamGroups } from "./streamGroups.ts"
import { smallStreams, streams } from "./streams.ts"
import { strings } from "./strings.ts"
import { tracking } from "./tracking.ts"
import { transactions, watchedDeadlines } from "./transactions.ts"
import { unknown } from "./unknown.ts"

/** All families, in the order in which they are run. */
export const families: ReadonlyArray<Family> = [
  ...[strings, bitmaps, hyperloglog],
  ...[lists, shortLists, plainLists, waitingLists, hashes, largeHashes, sets, largeSets],
  ...[sortedsets, largeSortedsets, geo, streams, smallStreams, streamGroups, sort],
  ...[keys, dump, expiry, connection, transactions, watchedDeadlines],
  ...[pubsub, notifications, tracking, server, facts, unknown, protocol]
]

/** The families of these names, all of them when there are none. Throws on a name that is not one. */
export function familiesNamed(names: ReadonlyArray<string>): ReadonlyArray<Family> {
  if (names.length === 0) return families
  return names.map((name) => {
    const family = families.find((candidate) => candidate.name === name)
    if (family === undefined)
      throw new Error(`no family '${name}'; there are ${families.map((known) => known.name).join(", ")}`)
    return family
  })
}
