import { describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { leaves } from "../../support/journaled.ts"
import type { RespClient } from "../../support/RespClient.ts"
import { call, connect, must, mustFail, startServer, withServer } from "../../support/TestServer.ts"

const WRONG_TYPE = "WRONGTYPE Operation against a key holding the wrong kind of value"
const SYNTAX = "ERR syntax error"

const sicily = (c: RespClient) =>
  must(c, ["GEOADD", "Sicily", "13.361389", "38.115556", "Palermo", "15.087269", "37.502669", "Catania"], "(integer) 2")

const edges = (c: RespClient) =>
  must(c, ["GEOADD", "Sicily", "12.758489", "38.788135", "edge1", "17.241510", "38.788135", "edge2"], "(integer) 2")

describe("GEOADD", () => {
  withServer("adds and moves places, as members of a sorted set", (c) =>
    Effect.gen(function* () {
      yield* sicily(c)
      yield* must(c, ["TYPE", "Sicily"], "zset")
      yield* must(c, ["ZSCORE", "Sicily", "Palermo"], '"3479099956230698"')
      yield* must(c, ["GEOADD", "Sicily", "13.361389", "38.115556", "Palermo"], "(integer) 0")
      yield* must(c, ["GEOADD", "Sicily", "CH", "13", "38", "Palermo", "1", "1", "far"], "(integer) 2")
      yield* must(c, ["GEOADD", "Sicily", "NX", "CH", "0", "0", "Palermo"], "(integer) 0")
      yield* must(c, ["GEOADD", "Sicily", "xx", "ch", "0", "0", "Palermo", "0", "0", "new"], "(integer) 1")
      yield* must(c, ["GEOADD", "none", "XX", "0", "0", "a"], "(integer) 0")
      yield* must(c, ["EXISTS", "none"], "(integer) 0")
      yield* must(c, ["ZCARD", "Sicily"], "(integer) 3")
      yield* must(c, ["GEOADD", "w", "180", "85.05112878", "ne", "-180", "-85.05112878", "sw"], "(integer) 2")
      yield* must(c, ["ZSCORE", "w", "ne"], '"13510798882111488"')
      yield* must(c, ["ZSCORE", "w", "sw"], '"0"')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["GEOADD", "k", "1", "1"], "ERR wrong number of arguments for 'geoadd' command")
      yield* mustFail(c, ["GEOADD", "k", "1", "1", "a", "1"], SYNTAX)
      yield* mustFail(c, ["GEOADD", "k", "NX", "XX", "1", "1", "a"], SYNTAX)
      yield* mustFail(c, ["GEOADD", "k", "NX", "CH", "CH"], SYNTAX)
      yield* mustFail(c, ["GEOADD", "k", "x", "1", "a"], "ERR value is not a valid float")
      yield* mustFail(
        c,
        ["GEOADD", "k", "1", "1", "a", "180.5", "-0", "b"],
        "ERR invalid longitude,latitude pair 180.500000,-0.000000"
      )
      yield* mustFail(c, ["GEOADD", "k", "inf", "85.0511288", "a"], "ERR invalid longitude,latitude pair inf,85.051129")
      yield* must(c, ["EXISTS", "k"], "(integer) 0")
      yield* must(c, ["SET", "s", "x"], "OK")
      yield* mustFail(c, ["GEOADD", "s", "1", "1", "a"], WRONG_TYPE)
    })
  )
})

describe("GEOPOS, GEODIST and GEOHASH", () => {
  withServer("tell where members are", (c) =>
    Effect.gen(function* () {
      yield* sicily(c)
      yield* must(c, ["GEODIST", "Sicily", "Palermo", "Catania"], '"166274.1516"')
      yield* must(c, ["GEODIST", "Sicily", "Palermo", "Catania", "KM"], '"166.2742"')
      yield* must(c, ["GEODIST", "Sicily", "Palermo", "Catania", "ft"], '"545518.8700"')
      yield* must(c, ["GEODIST", "Sicily", "Palermo", "Palermo", "mi"], '"0.0000"')
      yield* must(c, ["GEODIST", "Sicily", "Palermo", "nosuch"], "(nil)")
      yield* must(c, ["GEODIST", "nosuch", "a", "b"], "(nil)")
      yield* must(c, ["GEOHASH", "Sicily", "Palermo", "nosuch", "Catania"], '["sqc8b49rny0", (nil), "sqdtr74hyu0"]')
      yield* must(c, ["GEOHASH", "nosuch", "a"], "[(nil)]")
      yield* must(
        c,
        ["GEOPOS", "Sicily", "Palermo", "nosuch"],
        '[["13.36138933897018433", "38.11555639549629859"], (nil)]'
      )
      yield* must(c, ["GEOPOS", "nosuch"], "[]")
      yield* must(c, ["ZADD", "any", "-5", "a", "inf", "b"], "(integer) 2")
      yield* must(
        c,
        ["GEOPOS", "any", "a", "b"],
        '[["180", "85.0511287799999991"], ["-179.99999731779098511", "-85.05112751263942528"]]'
      )
    })
  )

  it.effect("tell it in RESP3 as numbers", () =>
    Effect.gen(function* () {
      const c = yield* connect(yield* startServer(), 3)
      yield* sicily(c)
      yield* must(c, ["GEOPOS", "Sicily", "nosuch"], "[(nil)]")
      yield* must(c, ["GEOPOS", "Sicily", "Palermo"], (text) => !text.includes('"'))
      yield* must(c, ["GEODIST", "Sicily", "Palermo", "Catania"], '"166274.1516"')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "s", "x"], "OK")
      yield* mustFail(c, ["GEOPOS", "s", "a"], WRONG_TYPE)
      yield* mustFail(c, ["GEOHASH", "s", "a"], WRONG_TYPE)
      yield* mustFail(c, ["GEODIST", "s", "a", "b"], WRONG_TYPE)
      yield* mustFail(c, ["GEODIST", "s", "a", "b", "nm"], "ERR unsupported unit provided. please use M, KM, FT, MI")
      yield* mustFail(c, ["GEODIST", "s", "a", "b", "m", "m"], SYNTAX)
    })
  )
})

describe("GEOSEARCH", () => {
  const around = ["GEOSEARCH", "Sicily", "FROMLONLAT", "15", "37"]

  withServer("finds the places in a circle or a box", (c) =>
    Effect.gen(function* () {
      yield* sicily(c)
      yield* must(c, [...around, "BYRADIUS", "200", "km", "ASC"], '["Catania", "Palermo"]')
      yield* must(c, [...around, "BYRADIUS", "200", "KM", "DESC"], '["Palermo", "Catania"]')
      yield* must(c, [...around, "BYRADIUS", "1", "km"], "[]")
      yield* edges(c)
      yield* must(
        c,
        [...around, "BYBOX", "400", "400", "km", "ASC", "WITHCOORD", "WITHDIST", "WITHHASH", "COUNT", "3"],
        '[["Catania", "56.4413", (integer) 3479447370796909, ["15.08726745843887329", "37.50266842333162032"]], ' +
          '["Palermo", "190.4424", (integer) 3479099956230698, ["13.36138933897018433", "38.11555639549629859"]], ' +
          '["edge2", "279.7403", (integer) 3481342659049484, ["17.24151045083999634", "38.78813451624225195"]]]'
      )
      yield* must(c, [...around, "BYBOX", "400", "400", "km", "COUNT", "1"], '["Catania"]')
      yield* must(c, [...around, "BYBOX", "400", "400", "km", "COUNT", "1", "ANY"], (text) => text !== "[]")
      yield* must(
        c,
        ["GEOSEARCH", "Sicily", "BYRADIUS", "100", "km", "FROMMEMBER", "edge1", "ASC", "WITHDIST"],
        '[["edge1", "0.0000"], ["Palermo", "91.4007"]]'
      )
      yield* must(c, ["GEOSEARCH", "nosuch", "FROMMEMBER", "a", "BYRADIUS", "1", "m"], "[]")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* sicily(c)
      const fail = (options: string, text: string) => mustFail(c, [...around, ...options.split(" ")], text)
      yield* fail("BYRADIUS a m", "ERR need numeric radius")
      yield* fail("BYRADIUS -1 m", "ERR radius cannot be negative")
      yield* fail("BYRADIUS 1 x", "ERR unsupported unit provided. please use M, KM, FT, MI")
      yield* fail("BYBOX a 1 m", "ERR need numeric width")
      yield* fail("BYBOX 1 a m", "ERR need numeric height")
      yield* fail("BYBOX -1 1 m", "ERR height or width cannot be negative")
      yield* fail("BYRADIUS 1 m BYBOX 1 1 m", SYNTAX)
      yield* fail("BYRADIUS 1 m FROMMEMBER Palermo", SYNTAX)
      yield* fail("BYRADIUS 1 m STOREDIST", SYNTAX)
      yield* fail("BYRADIUS 1 m STORE x", SYNTAX)
      yield* fail("BYRADIUS 1 m COUNT", SYNTAX)
      yield* fail("BYRADIUS 1 m COUNT 0", "ERR COUNT must be > 0")
      yield* fail("BYRADIUS 1 m COUNT a", "ERR value is not an integer or out of range")
      yield* fail("BYRADIUS 1 m ANY", "ERR the ANY argument requires COUNT argument")
      yield* fail("ASC ASC", "ERR exactly one of BYRADIUS and BYBOX can be specified for GEOSEARCH")
      yield* mustFail(
        c,
        ["GeoSearch", "Sicily", "BYRADIUS", "1", "m", "ASC", "ASC"],
        "ERR exactly one of FROMMEMBER or FROMLONLAT can be specified for GeoSearch"
      )
      yield* mustFail(
        c,
        ["GEOSEARCH", "Sicily", "FROMMEMBER", "nosuch", "BYRADIUS", "1", "m"],
        "ERR could not decode requested zset member"
      )
      yield* must(c, ["SET", "s", "x"], "OK")
      yield* mustFail(c, ["GEOSEARCH", "s", "BYRADIUS", "a", "m", "ASC", "ASC"], WRONG_TYPE)
    })
  )
})

describe("GEOSEARCHSTORE", () => {
  const store = ["GEOSEARCHSTORE", "d", "Sicily", "FROMMEMBER", "Palermo", "BYRADIUS", "170", "km"]

  withServer("stores what it finds, or removes the key", (c) =>
    Effect.gen(function* () {
      yield* sicily(c)
      yield* edges(c)
      yield* must(c, ["SET", "d", "x", "EX", "100"], "OK")
      yield* must(c, store, "(integer) 3")
      yield* must(
        c,
        ["ZRANGE", "d", "0", "-1", "WITHSCORES"],
        '["Palermo", "3479099956230698", "edge1", "3479273021651468", "Catania", "3479447370796909"]'
      )
      yield* must(c, ["TTL", "d"], "(integer) -1")
      yield* must(c, [...store, "STOREDIST", "COUNT", "2"], "(integer) 2")
      yield* must(c, ["ZRANGE", "d", "0", "-1", "WITHSCORES"], '["Palermo", "0", "edge1", "91.400658605814272"]')
      yield* must(
        c,
        ["GEOSEARCHSTORE", "d", "d", "FROMLONLAT", "0", "0", "BYRADIUS", "1", "m"],
        (text) => text === "(integer) 0"
      )
      yield* must(c, ["EXISTS", "d"], "(integer) 0")
      yield* must(c, store, "(integer) 3")
      yield* must(c, ["GEOSEARCHSTORE", "d", "nosuch", "FROMMEMBER", "a", "BYRADIUS", "1", "m"], "(integer) 0")
      yield* must(c, ["EXISTS", "d"], "(integer) 0")
      yield* mustFail(
        c,
        [...store, "WITHDIST"],
        "ERR GEOSEARCHSTORE is not compatible with WITHDIST, WITHHASH and WITHCOORD options"
      )
    })
  )
})

describe("GEORADIUS and its kin", () => {
  const circle = ["15", "37", "200", "km"]

  withServer("find and store", (c) =>
    Effect.gen(function* () {
      yield* sicily(c)
      yield* must(
        c,
        ["GEORADIUS", "Sicily", ...circle, "WITHDIST", "DESC"],
        '[["Palermo", "190.4424"], ["Catania", "56.4413"]]'
      )
      yield* must(c, ["GEORADIUS_RO", "Sicily", ...circle, "COUNT", "1"], '["Catania"]')
      yield* must(c, ["GEORADIUSBYMEMBER", "Sicily", "Catania", "170", "km", "ASC"], '["Catania", "Palermo"]')
      yield* must(c, ["GEORADIUSBYMEMBER_RO", "Sicily", "Catania", "1", "km"], '["Catania"]')
      yield* must(c, ["GEORADIUS", "Sicily", ...circle, "STORE", "a", "STOREDIST", "d"], "(integer) 2")
      yield* must(c, ["EXISTS", "a"], "(integer) 0")
      yield* must(c, ["ZRANGE", "d", "0", "-1"], '["Catania", "Palermo"]')
      yield* must(c, ["GEORADIUSBYMEMBER", "nosuch", "a", "x", "y", "STORE", "d"], "(integer) 0")
      yield* must(c, ["EXISTS", "d"], "(integer) 0")
      yield* must(c, ["GEORADIUS", "nosuch", ...circle], "[]")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* sicily(c)
      yield* mustFail(c, ["GEORADIUS_RO", "Sicily", ...circle, "STORE", "d"], SYNTAX)
      yield* mustFail(c, ["GEORADIUS", "Sicily", ...circle, "FROMMEMBER", "Palermo"], SYNTAX)
      yield* mustFail(
        c,
        ["GEORADIUS", "Sicily", ...circle, "STORE", "d", "WITHHASH"],
        "ERR STORE option in GEORADIUS is not compatible with WITHDIST, WITHHASH and WITHCOORD options"
      )
      yield* mustFail(
        c,
        ["GEORADIUSBYMEMBER", "Sicily", "nosuch", "1", "m"],
        "ERR could not decode requested zset member"
      )
      yield* mustFail(
        c,
        ["GEORADIUS", "nosuch", "181", "0", "1", "m"],
        "ERR invalid longitude,latitude pair 181.000000,0.000000"
      )
    })
  )
})

describe("the writes that places are", () => {
  withServer("count each place", (c) =>
    Effect.gen(function* () {
      const unsaved = (count: number) =>
        must(c, ["INFO", "persistence"], (text) => text.includes(`rdb_changes_since_last_save:${count}\\r`))
      yield* sicily(c)
      yield* unsaved(2)
      yield* call(c, ["GEORADIUS", "Sicily", "15", "37", "200", "km", "STORE", "d"])
      yield* unsaved(4)
      yield* call(c, ["GEORADIUS", "nosuch", "15", "37", "200", "km", "STORE", "d"])
      yield* unsaved(5)
    })
  )

  leaves(
    "are journaled as scores, and as they came when they store",
    [
      "GEOADD k NX 13.361389 38.115556 Palermo 180 85.05112878 ne",
      "GEOADD k 13.361389 38.115556 Palermo",
      "GEOSEARCH k FROMLONLAT 0 0 BYRADIUS 1 m",
      "GEOSEARCHSTORE d k FROMMEMBER Palermo BYRADIUS 1 m"
    ],
    ["ZADD k NX 3479099956230698 Palermo 13510798882111488 ne", "GEOSEARCHSTORE d k FROMMEMBER Palermo BYRADIUS 1 m"]
  )
})
