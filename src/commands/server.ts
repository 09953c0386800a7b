/**
 * TIME and ROLE: what clients ask to know where they are.
 */
import type { CommandDefinition } from "./Command.ts"

const role: CommandDefinition = {
  name: "role",
  summary: "Return the server's part in replication",
  since: "2.8.12",
  group: "server",
  complexity: "O(1)",
  arity: 1,
  flags: ["noscript", "loading", "stale", "fast"],
  categories: ["admin", "dangerous"],
  run: ({ reply }) => {
    // A master at offset 0 of its stream, without replicas.
    reply.array(3)
    reply.bulkText("master")
    reply.int(0)
    reply.array(0)
  }
}

const time: CommandDefinition = {
  name: "time",
  summary: "Return the time: seconds since 1970, and microseconds",
  since: "2.6.0",
  group: "server",
  complexity: "O(1)",
  arity: 1,
  flags: ["loading", "stale", "fast"],
  tips: ["nondeterministic_output"],
  run: ({ keyspace, reply }) => {
    const microseconds = keyspace.epochMicroseconds()
    reply.array(2)
    reply.bulkText(String(Math.floor(microseconds / 1e6)))
    reply.bulkText(String(microseconds % 1e6))
  }
}

export const serverCommands: ReadonlyArray<CommandDefinition> = [role, time]
