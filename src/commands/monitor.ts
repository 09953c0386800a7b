/**
 * What MONITOR shows: each command as it is about to run (https://redis.io/docs/latest/commands/monitor/).
 */
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"
import { quote } from "../values/quote.ts"
import type { Context } from "./Context.ts"
import type { RegisteredCommand } from "./Registry.ts"

/** `+1339518083.107412 [0 127.0.0.1:60866] "keys" "*"` with seconds and microseconds. */
function monitorLine(ctx: Context): string {
  const { args, session } = ctx
  const seconds = Math.floor(ctx.now / 1000)
  const microseconds = String((ctx.now % 1000) * 1000).padStart(6, "0")
  const where = session.transport.isUnixSocket ? `unix:${session.transport.address}` : session.transport.address
  let line = `+${seconds}.${microseconds} [${ctx.db.index} ${where}]`
  for (let i = 0; i < args.count; i++) line += ` ${quote(args.at(i))}`
  return `${line}\r\n`
}

/** Shows the command to every monitor; administrative ones and those with passwords are not shown. */
export function feedMonitors(ctx: Context, command: RegisteredCommand): void {
  if (command.flags.has("skip_monitor") || command.flags.has("admin")) return
  const line = Buffer.from(monitorLine(ctx), "latin1")
  const delivery = { write: (reply: ReplyWriter) => reply.raw(line) }
  for (const monitor of ctx.clients.monitors) monitor.openInbox().offer(delivery, line.length)
}
