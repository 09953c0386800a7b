/**
 * The directives that CONFIG SET changes in parts that do not look at the settings themselves. All others are looked up by
 * whoever obeys them, whenever it matters; those of the listener are the listener's own.
 */
import { Effect } from "effect"
import type { ServerParts } from "./commands/Context.ts"
import { dump } from "./keyspace/dump.ts"
import { parseEventClasses } from "./keyspace/Notifications.ts"
import { Gate } from "./net/Session.ts"

const COLLECTION_LIMITS = [
  "hash-max-listpack-entries",
  "hash-max-listpack-value",
  "list-max-listpack-size",
  "set-max-intset-entries",
  "set-max-listpack-entries",
  "set-max-listpack-value",
  "zset-max-listpack-entries",
  "zset-max-listpack-value",
  "stream-node-max-bytes",
  "stream-node-max-entries",
  "hll-sparse-max-bytes"
] as const

/** Brings the parts in line with the settings, now and whenever these change. */
export function obeySettings({ clients, config, keyspace, persistence, slowLog }: ServerParts): void {
  const publishEvents = (classes: string) => {
    keyspace.events.classes = parseEventClasses(classes) ?? 0
  }
  publishEvents(config.values.notifyKeyspaceEvents)
  config.onChange("notify-keyspace-events", (classes) => {
    publishEvents(classes)
    return undefined
  })

  for (const limit of COLLECTION_LIMITS) {
    config.onChange(limit, () => {
      keyspace.limits = config.values
      return undefined
    })
  }
  keyspace.limits = config.values

  config.onChange("requirepass", (password) => {
    // A new password is for new clients; without one, nobody need give it any more.
    if (password === "") for (const session of clients) session.set(Gate.Unauthenticated, false)
    return undefined
  })

  config.onChange("slowlog-max-len", (length) => {
    slowLog.trim(length)
    return undefined
  })

  const startLog = persistence.enable((append) => {
    dump(keyspace, append)
    keyspace.journal.connect(persistence.append)
  })
  const stopLog = Effect.andThen(
    persistence.disable,
    Effect.sync(() => keyspace.journal.connect(undefined))
  )
  config.onChangeDo("appendonly", (on) =>
    on
      ? Effect.mapError(startLog, () => "Unable to turn on AOF. Check server logs.")
      : // The file is closed even if its end could not be written, which has been logged.
        Effect.ignore(stopLog)
  )
}
