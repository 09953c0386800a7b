import { assert, it } from "@effect/vitest"
import { Cause, Effect, Exit } from "effect"
import { Args } from "../../src/commands/Args.ts"
import { blockClient } from "../../src/commands/BlockedClients.ts"
import { listLane } from "../../src/commands/blocking.ts"
import { blockingListCommands } from "../../src/commands/lists/blockingLists.ts"
import { RegisteredCommand } from "../../src/commands/Registry.ts"
import { KeyspaceState } from "../../src/keyspace/Keyspace.ts"
import { ListView } from "../../src/keyspace/views/ListView.ts"
import { Session, type Transport } from "../../src/net/Session.ts"
import { FRAME_HEADER } from "../../src/protocol/RequestDecoder.ts"
import { Slice } from "../../src/values/Slice.ts"

const key = Slice.latin1("k")

const transport: Transport = {
  address: "",
  localAddress: "",
  isUnixSocket: false,
  isLoopback: true,
  descriptor: -1,
  pendingInput: () => 0,
  pendingOutput: () => 0,
  isReading: () => true,
  kill: () => undefined,
  wake: () => undefined,
  admits: () => true
}

/** The words `blpop k 0`. */
function words(): Args {
  const args = new Args()
  const frame = new Int32Array(FRAME_HEADER + 6)
  frame.set([3])
  frame.set([0, 5, 5, 1, 6, 1], FRAME_HEADER)
  args.point(Buffer.from("blpopk0"), frame, 0)
  return args
}

it.effect(
  "a command that fails as none should when it is served costs its own client the connection, not the writer",
  () =>
    Effect.gen(function* () {
      const state = new KeyspaceState(1, [1, 2], () => 0.5)
      const db = state.databases[0]!
      const request = { _tag: "Block", keys: [1], lane: listLane, timeout: 0, timedOut: () => undefined } as const
      const command = new RegisteredCommand(blockingListCommands[0]!)
      const suspend = blockClient(new Session(1, transport, 0), command, words(), request, state, () => {
        throw new Error("no reply")
      })
      const list = new ListView()
      list.create(db, key)
      list.append(Slice.latin1("v"))
      state.waiters.serve(state.databases)
      assert.isFalse(state.waiters.active)
      const exit = yield* Effect.exit(suspend._tag === "Await" ? Effect.asVoid(suspend.effect) : Effect.void)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasDies(exit.cause))
    })
)
