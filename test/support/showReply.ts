/** One line of text for a reply, in the manner of redis-cli, for messages and for assertions by text. */
import type { Reply } from "../../src/protocol/ReplyDecoder.ts"
import { quoteText } from "./request.ts"

function showAll(items: ReadonlyArray<Reply>): string {
  return items.map(show).join(", ")
}

function showEntries(entries: ReadonlyArray<readonly [Reply, Reply]>): string {
  return entries.map(([key, value]) => `${show(key)} => ${show(value)}`).join(", ")
}

/** The reply in one line: `OK`, `(integer) 1`, `"text"`, `(nil)`, `(error) ERR ...`, `[1, 2]`, `{a => b}`. */
export function show(reply: Reply): string {
  switch (reply._tag) {
    case "Simple":
      return reply.text
    case "Error":
      return `(error) ${reply.text}`
    case "Integer":
      return `(integer) ${reply.value}`
    case "Bulk":
      return quoteText(Buffer.from(reply.bytes).toString("latin1"))
    case "Null":
      return "(nil)"
    case "Array":
      return `[${showAll(reply.items)}]`
    case "Set":
      return `set[${showAll(reply.items)}]`
    case "Push":
      return `push[${showAll(reply.items)}]`
    case "Map":
      return `{${showEntries(reply.entries)}}`
    case "Attribute":
      return `|${showEntries(reply.entries)}|`
    case "Double":
      return `(double) ${reply.text}`
    case "Boolean":
      return `(${reply.value})`
    case "BigNumber":
      return `(big number) ${reply.text}`
    case "Verbatim":
      return `${reply.format}:${quoteText(reply.text)}`
  }
}
