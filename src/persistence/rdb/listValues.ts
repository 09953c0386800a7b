/**
 * Lists in a file. They are written as nodes, a compact one as a single node; what is read becomes compact if it is one node
 * within the limits.
 */
import { type CollectionSettings, type DetachedValue, large, packed } from "../../keyspace/DetachedValue.ts"
import { stringOf } from "../../keyspace/stringOf.ts"
import { Form, ValueType } from "../../keyspace/Value.ts"
import { QuickList } from "../../values/list/QuickList.ts"
import { QuickListLimit } from "../../values/list/QuickListLimit.ts"
import type { QuickListNode } from "../../values/list/QuickListNode.ts"
import { Slice } from "../../values/Slice.ts"
import { Fault } from "../RdbInput.ts"
import type { RdbOutput } from "../RdbOutput.ts"
import { RdbType } from "../rdbFormat.ts"
import { checkListpack } from "./packed.ts"
import { piece, type ReadValue, readBlob } from "./ValueReading.ts"
import { tableOf, type ValueWriter, type ValueWriting } from "./ValueWriter.ts"
import { ziplistEntries } from "./ziplist.ts"

/** What a node holds: one element as it is, or a listpack of elements. */
const Container = { Plain: 1, Packed: 2 } as const

const scratch = new Slice()

export const listWriter: ValueWriter = {
  typeOf: () => RdbType.ListQuickList2,
  write: (out, records, ref) => {
    if (records.encoding(ref) === Form.Table) return writeNodes(out, tableOf(QuickList, records, ref))
    out.writeLength(1)
    out.writeLength(Container.Packed)
    out.string(stringOf(records, ref, scratch))
    return undefined
  }
}

function* writeNodes(out: RdbOutput, list: QuickList): ValueWriting {
  out.writeLength(list.nodeCount)
  for (let i = 0; i < list.nodeCount; i++) {
    writeNode(out, list.node(i))
    yield
  }
}

function writeNode(out: RdbOutput, node: QuickListNode): void {
  out.writeLength(node.isPlain ? Container.Plain : Container.Packed)
  out.string(node.isPlain ? new Slice(node.bytes, node.start, node.size) : new Slice(node.listpack()))
}

const emptyList = ({ limits }: CollectionSettings): QuickList =>
  new QuickList(new QuickListLimit(limits.listMaxListpackSize))

function finish(list: QuickList): DetachedValue | undefined {
  if (list.length === 0) return undefined
  const node = list.node(0)
  if (list.nodeCount > 1 || node.isPlain || list.limit.isExceeded(node.listpackSize, node.count)) {
    return large(ValueType.List, list)
  }
  return packed(ValueType.List, new Slice(node.listpack()))
}

export const readList: ReadValue = function* (input, settings) {
  const list = emptyList(settings)
  const count = yield* piece(() => input.length())
  const element = () => list.append(input.string())
  for (let i = 0; i < count; i++) yield element
  return finish(list)
}

function appendZiplist(list: QuickList, bytes: Slice): void {
  const entries = ziplistEntries(bytes)
  list.appendListpack(entries.finish(), entries.count)
}

export const readListZiplist = readBlob((bytes, settings) => {
  const list = emptyList(settings)
  appendZiplist(list, bytes)
  return finish(list)
})

export const readQuickList: ReadValue = function* (input, settings) {
  const list = emptyList(settings)
  const nodes = yield* piece(() => input.length())
  const node = () => appendZiplist(list, input.string())
  for (let i = 0; i < nodes; i++) yield node
  return finish(list)
}

export const readQuickList2: ReadValue = function* (input, settings) {
  const list = emptyList(settings)
  const nodes = yield* piece(() => input.length())
  const node = () => {
    const container = input.length()
    const bytes = input.string()
    if (container === Container.Plain) list.appendPlain(bytes)
    else if (container === Container.Packed) list.appendListpack(bytes, checkListpack(bytes))
    else throw new Fault(`it has a node of a list of an unknown kind ${container}`)
  }
  for (let i = 0; i < nodes; i++) yield node
  return finish(list)
}
