import { Crc64 } from "../../../src/persistence/Crc64.ts"
import { RdbType } from "../../../src/persistence/rdbFormat.ts"
import { everyFormat } from "../../persistence/oldFormats.ts"
import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import type { Family } from "../Family.ts"
import { withOtherTypes } from "./otherTypes.ts"

/** What came with Redis 7.2. */
const tooNew: ReadonlyArray<number> = [RdbType.SetListpack, RdbType.StreamListpacks3]

const bodies = Object.values(everyFormat).filter((body) => !tooNew.includes(body[0]!))

/** A payload of that version with its checksum. */
function payloadOf(body: Uint8Array, version: number): Uint8Array {
  const bytes = Buffer.from([...body, version, 0])
  const crc = new Crc64()
  crc.update(bytes, 0, bytes.length)
  return Buffer.concat([bytes, crc.bytes])
}

/** Most often a good one; else one that is cut off, of an unknown type or version, or with a wrong checksum. */
function payload({ random }: Arguments): Uint8Array {
  const body = random.pick(bodies)
  const good = payloadOf(body, random.pick([6, 9, 10]))
  return random.weighted<Uint8Array>([
    [20, good],
    // So short that not even the bytes of the footer, which Redis reads on into, complete it.
    [1, payloadOf(body.subarray(0, random.between(0, Math.max(0, (body.length >> 1) - 12))), 10)],
    [1, payloadOf(Buffer.concat([Buffer.from([random.pick([22, 100, 255])]), body.subarray(1)]), 10)],
    [1, payloadOf(body, 12)],
    [1, good.map((byte, i) => (i === 0 ? byte ^ 1 : byte))],
    [1, good.subarray(0, random.between(0, 12))]
  ])
}

const ttl = (make: Arguments) =>
  make.random.weighted<() => string>([
    [6, () => "0"],
    [3, () => make.ttl(1)],
    [1, () => make.random.pick(["-1", "a", "", "9223372036854775807", "9223372036854775808"])]
  ])()

const options = (make: Arguments): Words =>
  make.options(
    3,
    () => [make.anyCase("REPLACE")],
    () => [make.anyCase("IDLETIME"), make.random.oneIn(6) ? make.integer() : String(make.random.between(0, 100))],
    () => [make.anyCase("FREQ"), make.random.oneIn(6) ? make.integer() : String(make.random.between(0, 255))]
  )

/** DUMP and RESTORE, with payloads of every format that 7.0 knows. */
export const dump: Family = withOtherTypes({
  name: "dump",
  connections: 1,
  shapes: [
    [10, (make) => ["RESTORE", make.key(), ttl(make), payload(make), "REPLACE"]],
    [8, (make) => ["RESTORE", make.key(), ttl(make), payload(make), ...options(make)]],
    [2, (make) => ["RESTORE", make.key(), make.moment(1), payload(make), make.anyCase("ABSTTL"), ...options(make)]],
    [3, (make) => ["DUMP", make.key()]],
    [2, (make) => ["SET", make.key(), make.value()]],
    [3, (make) => ["DEL", ...make.keys()]],
    [2, (make) => ["TYPE", make.key()]],
    [2, (make) => ["DEBUG", "DIGEST-VALUE", make.key()]],
    [1, (make) => ["RENAME", make.key(), make.key()]],
    [1, (make) => ["COPY", make.key(), make.key()]]
  ],
  neverBornDead: true
})
