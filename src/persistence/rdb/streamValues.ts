/**
 * Streams in a file: the nodes as they are, what is known of ids, and the consumer groups
 * (https://github.com/redis/redis/blob/7.2/src/rdb.c). They are written as redis-server 7.0 does, which does not tell
 * when a consumer was last successful.
 */
import { large } from "../../keyspace/DetachedValue.ts"
import { ValueType } from "../../keyspace/Value.ts"
import { Slice } from "../../values/Slice.ts"
import type { Consumer } from "../../values/stream/Consumer.ts"
import type { ConsumerGroup } from "../../values/stream/ConsumerGroup.ts"
import { entriesUpTo } from "../../values/stream/groupProgress.ts"
import type { IdRecords } from "../../values/stream/IdRecords.ts"
import { Stream } from "../../values/stream/Stream.ts"
import { ID_BYTES, MutableStreamId, StreamId } from "../../values/stream/StreamId.ts"
import { Fault, type RdbInput } from "../RdbInput.ts"
import type { RdbOutput } from "../RdbOutput.ts"
import { RdbType } from "../rdbFormat.ts"
import { checkStreamNode } from "./streamNodeCheck.ts"
import { piece, type ReadValue } from "./ValueReading.ts"
import { tableOf, type ValueWriter, type ValueWriting } from "./ValueWriter.ts"

const binaryId = new Slice(new Uint8Array(ID_BYTES))
const scratch = new Slice()

/** Pending entries that are written before others get their turn. */
const IDS_PER_STEP = 32

// ---- writing -----------------------------------------------------------------------------------------------------------

export const streamWriter: ValueWriter = {
  typeOf: () => RdbType.StreamListpacks2,
  write: (out, records, ref) => writeStream(out, tableOf(Stream, records, ref))
}

function* writeStream(out: RdbOutput, stream: Stream): ValueWriting {
  out.writeLength(stream.nodes.length)
  for (const node of stream.nodes) {
    out.string(binary(node.first))
    out.string(node.listpack(scratch))
    yield
  }
  out.writeLength(stream.length)
  for (const known of [stream.lastId, stream.firstId, stream.maxDeletedId]) writeId(out, known)
  out.writeLength(BigInt.asUintN(64, stream.entriesAdded))
  out.writeLength(stream.groups.size)
  for (const group of stream.groups.byName()) yield* writeGroup(out, group)
}

function binary(id: StreamId): Slice {
  id.writeBinary(binaryId.buffer, 0)
  return binaryId
}

function writeId(out: RdbOutput, { msHigh, msLow, seqHigh, seqLow }: StreamId): void {
  out.writeLength(unsigned(msHigh, msLow))
  out.writeLength(unsigned(seqHigh, seqLow))
}

const unsigned = (high: number, low: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0)

function* writeGroup(out: RdbOutput, group: ConsumerGroup): ValueWriting {
  const { entriesRead, lastId, name, pending } = group
  out.string(name)
  writeId(out, lastId)
  out.writeLength(BigInt.asUintN(64, entriesRead))
  out.writeLength(pending.size)
  yield* forEachId(pending, (id) => {
    out.raw(binary(id))
    out.int64(pending.deliveryTime)
    out.writeLength(BigInt.asUintN(64, pending.deliveryCount))
  })
  out.writeLength(group.consumerCount)
  for (const consumer of group.consumersByName()) yield* writeConsumer(out, consumer)
}

function* writeConsumer(out: RdbOutput, { name, pending, seenTime }: Consumer): ValueWriting {
  out.string(name)
  out.int64(seenTime)
  out.writeLength(pending.size)
  yield* forEachId(pending, (id) => out.raw(binary(id)))
}

/** Goes through records, a few in a step; whoever reads them meanwhile uses the same cursor. */
function* forEachId(records: IdRecords, visit: (id: StreamId) => void): ValueWriting {
  const id = new MutableStreamId()
  let left = IDS_PER_STEP
  for (records.seekFirst(); !records.atEnd; records.next()) {
    visit(records.readId(id))
    if (--left > 0) continue
    yield
    records.seek(id)
    left = IDS_PER_STEP
  }
}

// ---- reading -----------------------------------------------------------------------------------------------------------

/** What versions of the format have beside what the first had. */
interface StreamFormat {
  /** Since Redis 7.0: the first id, the greatest deleted one, how many entries were added, and how many a group has read. */
  readonly counts: boolean
  /** Since Redis 7.2: when a consumer was last successful. */
  readonly activeTimes: boolean
}

const readStreamAs = ({ activeTimes, counts }: StreamFormat): ReadValue =>
  function* (input, _settings) {
    const stream = new Stream()
    yield* readNodes(input, stream)
    yield () => readCounts(input, stream, counts)
    const groups = yield* piece(() => input.length())
    for (let i = 0; i < groups; i++) {
      const group = yield* piece(() => readGroup(input, stream, counts))
      yield* readPending(input, group)
      const consumers = yield* piece(() => input.length())
      let owned = 0
      for (let j = 0; j < consumers; j++) owned += yield* readConsumer(input, group, activeTimes)
      if (owned !== group.pending.size) throw new Fault("it has a pending entry of a stream that is no consumer's")
    }
    return large(ValueType.Stream, stream)
  }

export const readStream = readStreamAs({ counts: false, activeTimes: false })
export const readStream2 = readStreamAs({ counts: true, activeTimes: false })
export const readStream3 = readStreamAs({ counts: true, activeTimes: true })

const halves = (number: bigint | number): readonly [high: number, low: number] => {
  const wide = BigInt(number)
  return [Number(BigInt.asIntN(32, wide >> 32n)), Number(BigInt.asIntN(32, wide))]
}

function readId(input: RdbInput): StreamId {
  const [msHigh, msLow] = halves(input.long())
  const [seqHigh, seqLow] = halves(input.long())
  return new StreamId(msHigh, msLow, seqHigh, seqLow)
}

function readBinaryId(input: RdbInput): StreamId {
  const { buffer, start } = input.raw(ID_BYTES)
  return StreamId.fromBinary(buffer, start)
}

const readSigned = (input: RdbInput): bigint => BigInt.asIntN(64, BigInt(input.long()))

function* readNodes(input: RdbInput, stream: Stream): Generator<() => void, void, void> {
  const last = new MutableStreamId()
  const nodes = yield* piece(() => input.length())
  const node = () => {
    const key = input.string()
    const listpack = input.string()
    if (key.length !== ID_BYTES) throw new Fault("it has a node of a stream without an id")
    const first = StreamId.fromBinary(key.buffer, key.start)
    stream.length += checkStreamNode(first, listpack, last, stream.nodes.length === 0)
    stream.addNode(first, listpack)
  }
  for (let i = 0; i < nodes; i++) yield node
  stream.lastId.set(last)
}

function readCounts(input: RdbInput, stream: Stream, known: boolean): void {
  const length = input.length()
  const lastId = readId(input)
  if (known) readId(input)
  const maxDeletedId = known ? readId(input) : StreamId.MIN
  const entriesAdded = known ? readSigned(input) : BigInt(length)
  if (length !== stream.length) throw new Fault("it has a stream of another length than it says")
  if (lastId.compare(stream.lastId) < 0) throw new Fault("it has a stream with an id after its last")
  stream.lastId.set(lastId)
  stream.maxDeletedId.set(maxDeletedId)
  stream.entriesAdded = entriesAdded
  stream.findFirst()
}

function readGroup(input: RdbInput, stream: Stream, known: boolean): ConsumerGroup {
  const name = input.string()
  const lastId = readId(input)
  const entriesRead = known ? readSigned(input) : entriesUpTo(stream, lastId)
  const group = stream.groups.create(name, lastId, entriesRead)
  if (group === undefined) throw new Fault("it has a consumer group of a stream twice")
  return group
}

/** In the place of a consumer's number. */
const NOBODY = -1

function* readPending(input: RdbInput, { pending }: ConsumerGroup): Generator<() => void, void, void> {
  const count = yield* piece(() => input.length())
  const entry = () => {
    const id = readBinaryId(input)
    const time = Number(input.int64())
    const deliveries = readSigned(input)
    if (!pending.insert(id)) throw new Fault("it has a pending entry of a stream twice")
    pending.deliveryTime = time
    pending.deliveryCount = deliveries
    pending.owner = NOBODY
  }
  for (let i = 0; i < count; i++) yield entry
}

/** Gives how many pending entries are the consumer's. */
function* readConsumer(
  input: RdbInput,
  group: ConsumerGroup,
  activeTimes: boolean
): Generator<() => void, number, void> {
  const consumer = yield* piece(() => {
    const name = input.string()
    const seenTime = Number(input.int64())
    const activeTime = activeTimes ? Number(input.int64()) : seenTime
    if (group.consumer(name) !== undefined) throw new Fault("it has a consumer of a stream twice")
    const consumer = group.createConsumer(name, seenTime)
    consumer.activeTime = activeTime
    return consumer
  })
  const count = yield* piece(() => input.length())
  const entry = () => own(group.pending, consumer, readBinaryId(input))
  for (let i = 0; i < count; i++) yield entry
  return count
}

/** The pending entry of that id is the consumer's, and nobody else's. */
function own(pending: ConsumerGroup["pending"], consumer: Consumer, id: StreamId): void {
  if (!pending.seek(id) || pending.owner !== NOBODY) {
    throw new Fault("it has a pending entry of a consumer that is not its group's")
  }
  pending.owner = consumer.number
  consumer.pending.insert(id)
}
