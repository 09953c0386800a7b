/**
 * DEBUG RELOAD: saves the data set and loads it again, which is how tests of the file format ask whether it comes back as it
 * was. Nobody else is served meanwhile.
 */
import { Effect } from "effect"
import * as Errors from "../Errors.ts"
import type { Context } from "./Context.ts"
import { type DebugSubcommand, refuseInTransaction } from "./debugSubcommand.ts"
import { awaitThen, type Resume, retryAfter, type Suspend } from "./Suspend.ts"

interface ReloadOptions {
  save: boolean
  flush: boolean
  merge: boolean
}

function reloadOptions({ args }: Context): ReloadOptions {
  const options: ReloadOptions = { save: true, flush: true, merge: false }
  for (let i = 2; i < args.count; i++) {
    if (args.is(i, "nosave")) options.save = false
    else if (args.is(i, "noflush")) options.flush = false
    else if (args.is(i, "merge")) options.merge = true
    else throw Errors.reloadOptions
  }
  return options
}

const answer =
  (refusal: Errors.ReplyError | undefined): Resume =>
  ({ reply }) => {
    if (refusal !== undefined) throw refusal
    reply.ok()
  }

function run(ctx: Context): Suspend {
  refuseInTransaction(ctx)
  const { config, pause, snapshots } = ctx
  const { flush, merge, save } = reloadOptions(ctx)
  if (config.values.dbfilename === "") throw Errors.noSnapshotFile
  if (snapshots.current !== undefined) return retryAfter(snapshots.settled)
  // The moment that is saved is that of this command: nothing may change between it and the loading.
  const saved = save
    ? Effect.map(snapshots.begin("foreground"), (outcome) => outcome === "saved")
    : Effect.succeed(true)
  const reloaded = Effect.flatMap(saved, (isSaved) =>
    isSaved
      ? Effect.map(snapshots.reload({ flush, merge }), (isLoaded) => (isLoaded ? undefined : Errors.reloadFailed))
      : Effect.succeed(Errors.saveFailed)
  )
  const alone = Effect.acquireUseRelease(
    Effect.sync(() => pause.hold()),
    () => reloaded,
    () => Effect.sync(() => pause.release())
  )
  return awaitThen(Effect.map(alone, answer))
}

export const reload: DebugSubcommand = {
  name: "reload",
  summary:
    "Save the data set and load it again; NOSAVE loads the file that is there, NOFLUSH keeps the keys, MERGE replaces them",
  args: [{ name: "option", type: "string", optional: true, multiple: true }],
  run
}
