import type { Words } from "../../support/request.ts"
import { type Family, type Shape, wait } from "../Family.ts"
import type { Weighted } from "../Random.ts"
import { bitmaps } from "./bitmaps.ts"
import { expiry } from "./expiry.ts"
import { hashes } from "./hashes.ts"
import { keys } from "./keys.ts"
import { lists } from "./lists.ts"
import { sets } from "./sets.ts"
import { sortedSetShapes } from "./sortedsets.ts"
import { strings } from "./strings.ts"

/** The listener's subscription: a connection that hears its own changes gets them in the midst of its replies. */
const listens = (connection: number): ReadonlyArray<Words> => (connection === 0 ? [["PSUBSCRIBE", "__key*__:*"]] : [])

const classes = [
  "KEA",
  "KA",
  "EA",
  "K$",
  "Kl",
  "El",
  "Kh",
  "Eh",
  "Ks",
  "Es",
  "Kz",
  "Ez",
  "Eg",
  "KEg$",
  "KEx",
  "KEn",
  "KEm",
  "KEA",
  "E",
  "A",
  "",
  "KEmng",
  "Q",
  "KE?"
]

/** What every other family does to keys, for the events that it causes. */
const changes: ReadonlyArray<Weighted<Shape>> = [
  ...[strings, bitmaps, keys, expiry, lists, hashes, sets].flatMap(({ shapes }) => shapes),
  ...sortedSetShapes
]

/** Keyspace notifications: every event of every command that changes a key, and a deadline that passes. */
export const notifications: Family = {
  name: "notifications",
  connections: 3,
  listeners: 1,
  neverBornDead: true,
  open: listens,
  configure: [["CONFIG", "SET", "notify-keyspace-events", "KEg$lhszxemn"]],
  shapes: [
    ...changes,
    [4, (make) => ["CONFIG", "SET", "notify-keyspace-events", make.random.pick(classes)]],
    [2, () => ["CONFIG", "GET", "notify-keyspace-events"]],
    [
      1,
      (make) =>
        wait([["SET", "dying", "v", "PX", "2"]], 12, [
          ["GET", "dying"],
          ["EXISTS", make.key()]
        ])
    ]
  ]
}
