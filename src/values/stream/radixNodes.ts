/**
 * How many nodes Redis' radix tree over the nodes of a stream has, which XINFO STREAM tells of: the keys are the ids of their
 * first entries, as bytes, and a row of bytes without a branch is one node (https://github.com/antirez/rax).
 */
import type { Stream } from "./Stream.ts"
import { ID_BYTES } from "./StreamId.ts"

export function radixNodes(stream: Stream): number {
  const { length } = stream.nodes
  if (length === 0) return 1
  const keys = Array.from(stream.nodes, (node) => {
    const key = new Uint8Array(ID_BYTES)
    node.first.writeBinary(key, 0)
    return key
  })
  return nodesBelow(keys, 0, length, 0)
}

/** The nodes for the keys of these numbers, which have their first `depth` bytes in common. */
function nodesBelow(keys: ReadonlyArray<Uint8Array>, from: number, to: number, depth: number): number {
  const first = keys[from]!
  const last = keys[to - 1]!
  if (to - from === 1) return depth === ID_BYTES ? 1 : 2
  let branch = depth
  while (first[branch] === last[branch]) branch++
  let nodes = branch > depth ? 2 : 1
  for (let start = from; start < to; ) {
    let end = start + 1
    while (end < to && keys[end]![branch] === keys[start]![branch]) end++
    nodes += nodesBelow(keys, start, end, branch + 1)
    start = end
  }
  return nodes
}
