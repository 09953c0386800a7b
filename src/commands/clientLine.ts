/**
 * A client as CLIENT LIST and CLIENT INFO print it: one line of `field=value`
 * (https://redis.io/docs/latest/commands/client-list/). Every number is a measured one: where fibredis has no such thing, as a
 * reply buffer for each client, it is 0.
 */
import type { ClientRegistry } from "../net/Clients.ts"
import { Gate, type Session } from "../net/Session.ts"
import { redirectionOf } from "../net/Tracking.ts"

/** The letters of `flags`, in Redis' order. */
function flagsOf(session: Session, clients: ClientRegistry): string {
  const { tracking } = session
  const letters: ReadonlyArray<readonly [string, boolean | undefined]> = [
    ["O", clients.monitors.has(session)],
    ["P", session.has(Gate.Subscribed)],
    ["x", session.transaction !== undefined],
    ["b", session.blocked],
    ["t", tracking !== undefined],
    ["R", tracking?.redirectBroken],
    ["B", tracking?.mode === "bcast"],
    ["d", session.dirty],
    ["c", session.has(Gate.Closing)],
    ["U", session.transport.isUnixSocket],
    ["e", session.noEvict],
    ["T", session.has(Gate.NoTouch)]
  ]
  const flags = letters.filter(([, is]) => is).map(([letter]) => letter)
  return flags.join("") || "N"
}

/** What waits to be sent: bytes the socket holds, and messages that are not written yet. */
const outputMemory = ({ inbox, transport }: Session): number => transport.pendingOutput() + (inbox?.pendingBytes ?? 0)

/** Names of keys, channels and prefixes that are kept for the client. */
function namesMemory({ inbox, tracking, watched }: Session): number {
  const names = [
    ...watched.map(({ key }) => key),
    ...(tracking?.prefixes ?? []),
    ...[inbox?.channels, inbox?.patterns, inbox?.shardChannels].flatMap((names) => [...(names?.keys() ?? [])])
  ]
  return names.reduce((bytes, name) => bytes + name.length, 0)
}

/** The bytes that the server holds for a client: requests, queued commands, output, names. */
function clientMemory(session: Session): number {
  const { transaction, transport } = session
  return transport.pendingInput() + (transaction?.bytes ?? 0) + outputMemory(session) + namesMemory(session)
}

/** `now` in milliseconds since 1970; `argumentBytes` are those of the words of the command that the client runs now. */
export function clientLine(session: Session, clients: ClientRegistry, now: number, argumentBytes: number): string {
  const { inbox, transaction, transport } = session
  const seconds = (since: number) => Math.max(0, Math.floor(now / 1000) - Math.floor(since / 1000))
  const output = transport.pendingOutput()
  const fields: ReadonlyArray<readonly [string, string | number]> = [
    ["id", session.id],
    ["addr", transport.address],
    ["laddr", transport.localAddress],
    ["fd", transport.descriptor],
    ["name", session.name],
    ["age", seconds(session.createdAt)],
    ["idle", seconds(session.lastInteraction)],
    ["flags", flagsOf(session, clients)],
    ["db", session.db],
    ["sub", inbox?.channels.size ?? 0],
    ["psub", inbox?.patterns.size ?? 0],
    ["ssub", inbox?.shardChannels.size ?? 0],
    ["multi", transaction?.queue.length ?? -1],
    ["qbuf", transport.pendingInput()],
    ["qbuf-free", 0],
    ["argv-mem", argumentBytes],
    ["multi-mem", transaction?.bytes ?? 0],
    ["rbs", 0],
    ["rbp", 0],
    ["obl", 0],
    ["oll", (output > 0 ? 1 : 0) + (inbox?.pendingCount ?? 0)],
    ["omem", outputMemory(session)],
    ["tot-mem", clientMemory(session) + argumentBytes],
    ["events", `${transport.isReading() ? "r" : ""}${output > 0 ? "w" : ""}`],
    ["cmd", session.lastCommand?.fullName ?? "NULL"],
    ["user", session.user],
    ["redir", redirectionOf(session.tracking)],
    ["resp", session.protocol],
    ["lib-name", session.libraryName],
    ["lib-ver", session.libraryVersion]
  ]
  return fields.map(([field, value]) => `${field}=${value}`).join(" ")
}
