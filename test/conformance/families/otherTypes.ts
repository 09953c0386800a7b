import { type Family, type Shape, send } from "../Family.ts"
import type { Weighted } from "../Random.ts"

/** Keys that hold something else than a string, so that commands meet the wrong type. Not to be spoilt: a set of integers has an order. */
const shapes: ReadonlyArray<Weighted<Shape>> = [
  [2, (make) => send(["RPUSH", make.key(), make.value(), make.value()])],
  [2, (make) => send(["HSET", make.key(), "field", make.value()])],
  [2, (make) => send(["SADD", make.key(), make.random.between(0, 50), make.random.between(0, 50)])],
  [2, (make) => send(["ZADD", make.key(), make.random.between(-5, 5), make.word()])],
  [1, (make) => send(["XADD", make.key(), `${make.random.between(1, 1_000_000)}-1`, "field", make.value()])]
]

/** The family, with keys of other types among its own. */
export const withOtherTypes = (family: Family): Family => ({ ...family, shapes: [...family.shapes, ...shapes] })
