/**
 * Arguments that geo commands have in common: how they are read, and how COMMAND DOCS names them.
 */
import * as Errors from "../../Errors.ts"
import { isOnMap } from "../../values/geo/limits.ts"
import type { Position } from "../../values/geo/Position.ts"
import type { Args } from "../Args.ts"
import type { Argument } from "../Command.ts"

/** Metres in each unit. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["m", 1],
  ["km", 1000],
  ["ft", 0.3048],
  ["mi", 1609.34]
])

export function readUnit(args: Args, index: number): number {
  const metres = UNITS.get(args.lower(index))
  if (metres === undefined) throw Errors.unknownUnit
  return metres
}

/** Reads a longitude and the latitude after it. */
export function readPosition(args: Args, index: number, into: Position): void {
  const longitude = args.double(index)
  const latitude = args.double(index + 1)
  if (!isOnMap(longitude, latitude)) throw Errors.notOnMap(longitude, latitude)
  into.set(longitude, latitude)
}

export const UNIT: Argument = {
  name: "unit",
  type: "oneof",
  args: [
    { name: "m", type: "pure-token", token: "M" },
    { name: "km", type: "pure-token", token: "KM" },
    { name: "ft", type: "pure-token", token: "FT" },
    { name: "mi", type: "pure-token", token: "MI" }
  ]
}

export const LONGITUDE: Argument = { name: "longitude", type: "double" }
export const LATITUDE: Argument = { name: "latitude", type: "double" }
export const MEMBER: Argument = { name: "member", type: "string" }
