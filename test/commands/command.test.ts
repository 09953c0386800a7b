import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { allCommands } from "../../src/commands/all.ts"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

const GET =
  '["get", (integer) 2, [readonly, fast], (integer) 1, (integer) 1, (integer) 1, [@read, @string, @fast], [], ' +
  '[["flags", [RO, access], "begin_search", ["type", "index", "spec", ["index", (integer) 1]], ' +
  '"find_keys", ["type", "range", "spec", ["lastkey", (integer) 0, "keystep", (integer) 1, "limit", (integer) 0]]]], []]'

const GET_RESP3 =
  '["get", (integer) 2, set[readonly, fast], (integer) 1, (integer) 1, (integer) 1, set[@read, @string, @fast], set[], ' +
  'set[{"flags" => set[RO, access], "begin_search" => {"type" => "index", "spec" => {"index" => (integer) 1}}, ' +
  '"find_keys" => {"type" => "range", "spec" => {"lastkey" => (integer) 0, "keystep" => (integer) 1, "limit" => (integer) 0}}}], set[]]'

describe("COMMAND", () => {
  withServer("tells about every command", (c) =>
    Effect.gen(function* () {
      const count = `(integer) ${allCommands.length}`
      yield* must(c, ["COMMAND", "COUNT"], count)
      const reply = yield* call(c, ["COMMAND"])
      assert.strictEqual(reply._tag === "Array" ? reply.items.length : 0, allCommands.length)
    })
  )

  withServer("HELP tells what there is", (c) =>
    must(
      c,
      ["COMMAND", "HELP"],
      (text) =>
        text.startsWith(
          "[COMMAND <subcommand> [<arg> [value] [opt] ...]. Subcommands are:, (no subcommand),     Return "
        ) && text.includes(", GETKEYS <command> [<arg> [<arg> ...]], ")
    )
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["COMMAND", "nosuch"], "ERR unknown subcommand 'nosuch'. Try COMMAND HELP.")
      yield* mustFail(c, ["COMMAND", "COUNT", "x"], "ERR wrong number of arguments for 'command|count' command")
      yield* mustFail(c, ["COMMAND", "HELP", "x"], "ERR wrong number of arguments for 'command|help' command")
    })
  )
})

describe("COMMAND INFO", () => {
  withServer("tells the facts of commands and subcommands, in the order asked for", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["COMMAND", "INFO", "GET"], `[${GET}]`)
      yield* must(c, ["COMMAND", "INFO", "nosuch", "get"], `[(nil), ${GET}]`)
      yield* must(c, ["COMMAND", "INFO", "client|nosuch", "get|x", "client|id|x", ""], "[(nil), (nil), (nil), (nil)]")
      yield* must(
        c,
        ["COMMAND", "INFO", "Client|Id"],
        '[["client|id", (integer) 2, [noscript, loading, stale], (integer) 0, (integer) 0, (integer) 0, [@slow, @connection], [], [], []]]'
      )
    })
  )

  withServer("has subcommands within containers", (c) =>
    must(
      c,
      ["COMMAND", "INFO", "object"],
      (text) =>
        text.startsWith(
          '[["object", (integer) -2, [], (integer) 0, (integer) 0, (integer) 0, [@slow], [], [], [["object|'
        ) && text.includes('["object|help", (integer) 2, [loading, stale],')
    )
  )

  withServer("tells the range of several key specifications as one, as long as they follow on each other", (c) =>
    Effect.gen(function* () {
      const range = (first: number, last: number, step: number) => (text: string) =>
        text.includes(`], (integer) ${first}, (integer) ${last}, (integer) ${step}, [`)
      yield* must(c, ["COMMAND", "INFO", "bitop"], range(2, -1, 1))
      yield* must(c, ["COMMAND", "INFO", "copy"], range(1, 2, 1))
      yield* must(c, ["COMMAND", "INFO", "mset"], range(1, -1, 2))
      yield* must(c, ["COMMAND", "INFO", "ping"], range(0, 0, 0))
    })
  )

  withServer("has maps and sets in RESP3", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(c, ["COMMAND", "INFO", "get", "nosuch"], `[${GET_RESP3}, (nil)]`)
    })
  )
})

describe("COMMAND DOCS", () => {
  const SUBSTR_ARGS =
    '[["name", "key", "type", "key", "display_text", "key", "key_spec_index", (integer) 0], ' +
    '["name", "start", "type", "integer", "display_text", "start"], ["name", "end", "type", "integer", "display_text", "end"]]'

  withServer("documents commands and subcommands; what is not there is left out", (c) =>
    Effect.gen(function* () {
      yield* must(
        c,
        ["COMMAND", "DOCS", "nosuch", "substr"],
        (text) =>
          text.startsWith('["substr", ["summary", "') &&
          text.includes('"since", "1.0.0", "group", "string", "complexity", "O(N)') &&
          text.includes('"doc_flags", [deprecated], "deprecated_since", "2.0.0", "replaced_by", "`GETRANGE`"') &&
          text.endsWith(`"arguments", ${SUBSTR_ARGS}]]`)
      )
      yield* must(c, ["COMMAND", "DOCS", "object|freq"], (text) => text.startsWith('["object|freq", ["summary", '))
      yield* must(c, ["COMMAND", "DOCS", "nosuch"], "[]")
    })
  )

  withServer("has maps and sets in RESP3", (_, server) =>
    Effect.gen(function* () {
      const c = yield* connect(server, 3)
      yield* must(
        c,
        ["COMMAND", "DOCS", "getex"],
        (text) =>
          text.startsWith('{"getex" => {"summary" => "') &&
          text.includes(
            '{"name" => "expiration", "type" => "oneof", "flags" => set[optional], "arguments" => ' +
              '[{"name" => "seconds", "type" => "integer", "display_text" => "seconds", "token" => "EX"}, '
          )
      )
      yield* must(c, ["COMMAND", "DOCS", "object"], (text) => text.includes('"subcommands" => {"object|encoding" => {'))
      yield* must(c, ["COMMAND", "DOCS", "set"], (text) => text.includes('"history" => set[["2.6.12", "'))
    })
  )
})

describe("COMMAND LIST", () => {
  withServer("lists full names, all or filtered", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["COMMAND", "LIST"], (text) => text.includes('"get"') && text.includes('"client|id"'))
      yield* must(
        c,
        ["COMMAND", "LIST", "FILTERBY", "ACLCAT", "TRANSACTION"],
        '["multi", "exec", "discard", "watch", "unwatch"]'
      )
      yield* must(c, ["COMMAND", "LIST", "filterby", "pattern", "GETK*"], "[]")
      yield* must(
        c,
        ["COMMAND", "LIST", "filterby", "pattern", "*|GETK*"],
        '["command|getkeys", "command|getkeysandflags"]'
      )
      yield* must(c, ["COMMAND", "LIST", "FILTERBY", "ACLCAT", "@transaction"], "[]")
      yield* must(c, ["COMMAND", "LIST", "FILTERBY", "MODULE", "json"], "[]")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["COMMAND", "LIST", "FILTERBY"], "ERR syntax error")
      yield* mustFail(c, ["COMMAND", "LIST", "FILTERBY", "GROUP", "string"], "ERR syntax error")
      yield* mustFail(c, ["COMMAND", "LIST", "FILTERBY", "PATTERN"], "ERR syntax error")
      yield* mustFail(c, ["COMMAND", "LIST", "FILTERBY", "PATTERN", "a", "b"], "ERR syntax error")
    })
  )
})

describe("COMMAND GETKEYS", () => {
  withServer("finds the keys of a whole command", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["COMMAND", "GETKEYS", "MSET", "a", "1", "b", "2"], '["a", "b"]')
      yield* must(c, ["COMMAND", "GETKEYS", "bitop", "AND", "to", "x", "y"], '["to", "x", "y"]')
      yield* must(c, ["COMMAND", "GETKEYS", "object", "ENCODING", "k"], '["k"]')
      yield* must(c, ["COMMAND", "GETKEYS", "rename", "a\0\xff", "a\0\xff"], '["a\\x00\\xff", "a\\x00\\xff"]')
    })
  )

  withServer("tells what this very command does with its keys", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["COMMAND", "GETKEYSANDFLAGS", "COPY", "a", "b"], '[["a", [RO, access]], ["b", [OW, update]]]')
      yield* must(c, ["COMMAND", "GETKEYSANDFLAGS", "SET", "k", "get"], '[["k", [OW, update]]]')
      yield* must(c, ["COMMAND", "GETKEYSANDFLAGS", "SET", "k", "v", "Get"], '[["k", [RW, access, update]]]')
      const bitfield = (words: string) => ["COMMAND", "GETKEYSANDFLAGS", "BITFIELD", "k", ...words.split(" ")]
      yield* must(c, bitfield("GET u8 0 OVERFLOW wrap get u8 1"), '[["k", [RO, access]]]')
      yield* must(c, bitfield("GET u8 0 SET u8 0 1"), '[["k", [RW, access, update]]]')
      yield* must(c, bitfield("GET u8"), '[["k", [RW, access, update]]]')
      const resp3 = yield* connect(server, 3)
      yield* must(resp3, ["COMMAND", "GETKEYSANDFLAGS", "GET", "k"], '[["k", set[RO, access]]]')
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      for (const subcommand of ["GETKEYS", "GETKEYSANDFLAGS"]) {
        yield* mustFail(c, ["COMMAND", subcommand, "PING"], "ERR The command has no key arguments")
        yield* mustFail(c, ["COMMAND", subcommand, "OBJECT"], "ERR The command has no key arguments")
        yield* mustFail(c, ["COMMAND", subcommand, "SPUBLISH", "a", "b"], "ERR The command has no key arguments")
        yield* mustFail(c, ["COMMAND", subcommand, "nosuch", "k"], "ERR Invalid command specified")
        yield* mustFail(c, ["COMMAND", subcommand, "object|freq", "k"], "ERR Invalid command specified")
        yield* mustFail(c, ["COMMAND", subcommand, "OBJECT", "nosuch"], "ERR Invalid command specified")
        yield* mustFail(c, ["COMMAND", subcommand, "GET"], "ERR Invalid number of arguments specified for command")
        yield* mustFail(
          c,
          ["COMMAND", subcommand, "GET", "a", "b"],
          "ERR Invalid number of arguments specified for command"
        )
        yield* mustFail(
          c,
          ["COMMAND", subcommand],
          `ERR wrong number of arguments for 'command|${subcommand.toLowerCase()}' command`
        )
      }
    })
  )
})
