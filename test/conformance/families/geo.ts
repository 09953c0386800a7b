import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import type { Family, Shape } from "../Family.ts"
import type { Weighted } from "../Random.ts"
import { withOtherTypes } from "./otherTypes.ts"

const KEYS: ReadonlyArray<string> = ["a", "b", "c"]

const key = (make: Arguments): string => (make.random.oneIn(30) ? "nosuchkey" : make.random.pick(KEYS))

const member = (make: Arguments): string =>
  make.random.oneIn(20) ? make.random.pick(["", "nosuch", "\x00\xff", "-1"]) : `m${make.random.between(0, 60)}`

/**
 * Places that meet. No two are as far from a third in the same direction or the opposite one: which of two places as far as
 * each other comes first is a matter of the last digit of a sine, which is each server's own.
 */
const MEETING_POINTS: ReadonlyArray<string> = ["0", "10", "-11.7", "20.3", "-28.1", "33.9", "-47.3"]

/** A coordinate: anywhere, near the others, on a border, or none. */
function coordinate(make: Arguments, border: number): string {
  const { random } = make
  const micro = Math.round(border * 1e6)
  return random.weighted<() => string>([
    [10, () => String(random.between(-micro, micro) / 1e6)],
    [10, () => String(random.between(-2_000_000, 2_000_000) / 1e6)],
    [4, () => random.pick(MEETING_POINTS)],
    [2, () => String(random.pick([border, -border, border - 0.00001, -border + 0.00003]))],
    [
      1,
      () =>
        random.pick(["180", "-180", "85.05112878", "-85.05112878", "90", "-90", "85.0511288", "180.1", "-0", "1e-7"])
    ],
    [1, () => make.float()]
  ])()
}

const place = (make: Arguments): Words => [coordinate(make, 180), coordinate(make, 85.05112878)]

const unit = (make: Arguments): string => (make.random.oneIn(40) ? "nm" : make.anyCase("m", "km", "ft", "mi"))

function length(make: Arguments): string {
  const { random } = make
  return random.weighted<() => string>([
    [6, () => String(random.between(0, 5_000_000) / 1000)],
    [4, () => String(random.between(0, 30_000))],
    [4, () => String(random.between(0, 30_000_000))],
    [1, () => random.pick(["0", "1e-3", "1e9", "1e300", "inf", "-1", "20015000"])],
    [1, () => make.float()]
  ])()
}

const circle = (make: Arguments): Words => [length(make), unit(make)]

const limit = (make: Arguments): Words => [
  make.anyCase("COUNT"),
  make.random.oneIn(8) ? make.integer() : make.random.between(1, 30),
  ...(make.random.oneIn(3) ? [make.anyCase("ANY")] : [])
]

const common = (make: Arguments): Array<Words> =>
  make.random.many(0, 2, () =>
    make.random.pick<() => Words>([
      () => [make.anyCase("ASC", "DESC")],
      () => limit(make),
      () => [make.anyCase("ANY", "ASC")]
    ])()
  )

const details = (make: Arguments): Words =>
  make.random.many(0, 3, () => make.anyCase("WITHCOORD", "WITHDIST", "WITHHASH"))

const center = (make: Arguments): Words =>
  make.random.oneIn(2) ? [make.anyCase("FROMMEMBER"), member(make)] : [make.anyCase("FROMLONLAT"), ...place(make)]

const area = (make: Arguments): Words =>
  make.random.oneIn(2)
    ? [make.anyCase("BYRADIUS"), ...circle(make)]
    : [make.anyCase("BYBOX"), length(make), length(make), unit(make)]

/** What a search needs and what it may have besides, in any order. */
function search(make: Arguments, ...more: ReadonlyArray<Words>): Words {
  const parts = [center(make), area(make), ...common(make), ...more]
  if (make.random.oneIn(30)) parts.push(make.random.pick([center, area])(make))
  if (make.random.oneIn(30)) parts.splice(make.random.between(0, parts.length - 1), 1)
  return parts.sort(() => make.random.between(-1, 1)).flat()
}

const radiusOptions = (make: Arguments): Words => [...common(make).flat(), ...details(make)]

const store = (make: Arguments): Words => [make.anyCase("STORE", "STOREDIST"), key(make)]

const places = (make: Arguments, low: number, high: number): Words =>
  make.random.many(low, high, () => [...place(make), member(make)]).flat()

const shapes: ReadonlyArray<Weighted<Shape>> = [
  [
    8,
    (make) => [
      "GEOADD",
      key(make),
      ...make.random.many(0, 1, () => make.anyCase("NX", "XX", "CH")),
      ...places(make, 1, 6)
    ]
  ],
  [
    2,
    (make) => [
      "GEOADD",
      key(make),
      ...make.random.many(0, 3, () => make.anyCase("NX", "XX", "CH")),
      ...places(make, 1, 2)
    ]
  ],
  [3, (make) => ["GEOADD", key(make), ...places(make, 20, 60)]],
  [4, (make) => ["GEOPOS", key(make), ...make.random.many(0, 4, () => member(make))]],
  [4, (make) => ["GEOHASH", key(make), ...make.random.many(0, 4, () => member(make))]],
  [6, (make) => ["GEODIST", key(make), member(make), member(make), ...make.random.many(0, 1, () => unit(make))]],
  [20, (make) => ["GEOSEARCH", key(make), ...search(make, details(make))]],
  [5, (make) => ["GEOSEARCHSTORE", key(make), key(make), ...search(make)]],
  [
    3,
    (make) => [
      ...["GEOSEARCHSTORE", key(make), key(make)],
      ...search(make, [make.anyCase("STOREDIST", "STOREDIST", "WITHDIST", "STORE")])
    ]
  ],
  [5, (make) => ["GEORADIUS", key(make), ...place(make), ...circle(make), ...radiusOptions(make)]],
  [3, (make) => ["GEORADIUS", key(make), ...place(make), ...circle(make), ...common(make).flat(), ...store(make)]],
  [5, (make) => ["GEORADIUSBYMEMBER", key(make), member(make), ...circle(make), ...radiusOptions(make)]],
  [
    3,
    (make) => ["GEORADIUSBYMEMBER", key(make), member(make), ...circle(make), ...common(make).flat(), ...store(make)]
  ],
  [1, (make) => ["GEORADIUS", key(make), ...place(make), ...circle(make), ...details(make), ...store(make)]],
  [3, (make) => ["GEORADIUS_RO", key(make), ...place(make), ...circle(make), ...radiusOptions(make)]],
  [3, (make) => ["GEORADIUSBYMEMBER_RO", key(make), member(make), ...circle(make), ...radiusOptions(make)]],
  [1, (make) => ["GEORADIUSBYMEMBER_RO", key(make), member(make), ...circle(make), ...store(make)]],
  [1, (make) => ["DEL", key(make)]],
  [1, (make) => ["SET", key(make), make.value()]]
]

/** Places: added, told, measured and searched for, all over the world and beyond. */
export const geo: Family = withOtherTypes({
  name: "geo",
  connections: 1,
  storesDistances: true,
  configure: [["CONFIG", "SET", "zset-max-listpack-entries", "30"]],
  shapes
})
