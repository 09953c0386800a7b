/**
 * MONITOR: a client that sees every command of every client (https://redis.io/docs/latest/commands/monitor/).
 *
 * A command is shown when it has run, so that a transaction's commands come before its EXEC and a database that SELECT chose
 * is the one shown.
 */
import * as Errors from "../Errors.ts"
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"
import { quote } from "../values/quote.ts"
import type { Slice } from "../values/Slice.ts"
import type { CommandDefinition } from "./Command.ts"
import type { Context } from "./Context.ts"
import type { RegisteredCommand } from "./Registry.ts"

/** `+1339518083.107412 [0 127.0.0.1:60866] "keys" "*"` with seconds and microseconds. */
function monitorLine({ db, keyspace, session: { transport } }: Context, words: ReadonlyArray<Slice>): string {
  const time = (keyspace.epochMicroseconds() / 1e6).toFixed(6)
  const where = transport.isUnixSocket ? `unix:${transport.address.replace(/:0$/, "")}` : transport.address
  return `+${time} [${db.index} ${where}] ${words.map(quote).join(" ")}\r\n`
}

/** Shows the command to every monitor, in these words; administrative commands are not shown. */
export function feedMonitors(ctx: Context, command: RegisteredCommand, words: ReadonlyArray<Slice>): void {
  if (command.flags.has("skip_monitor") || command.flags.has("admin")) return
  const line = Buffer.from(monitorLine(ctx, words), "latin1")
  const delivery = { write: (reply: ReplyWriter) => reply.raw(line) }
  for (const monitor of ctx.clients.monitors) monitor.openInbox().offer(delivery, line.length)
}

const monitor: CommandDefinition = {
  name: "monitor",
  summary: "See every command that the server runs, as it runs",
  since: "1.0.0",
  group: "server",
  arity: 1,
  flags: ["admin", "noscript", "loading", "stale"],
  run: ({ clients, inTransaction, reply, session }) => {
    if (inTransaction) throw Errors.monitorDenied
    // Redis has no answer for a client that monitors already.
    if (clients.monitors.has(session)) return
    clients.monitors.add(session)
    reply.ok()
  }
}

export const monitorCommands: ReadonlyArray<CommandDefinition> = [monitor]
