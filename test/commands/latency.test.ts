import { describe } from "@effect/vitest"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import type { RespClient } from "../support/RespClient.ts"
import { call, connect, must, mustFail, withServer } from "../support/TestServer.ts"

/** A spike of so many ms; time moves as far. */
const spike = (c: RespClient, milliseconds: number) =>
  Effect.gen(function* () {
    const slept = yield* Effect.forkChild(must(c, ["DEBUG", "SLEEP", milliseconds / 1000], "OK"), {
      startImmediately: true
    })
    // The server has begun to sleep when it lets another client wait.
    yield* Effect.promise(() => new Promise((resolve) => setTimeout(resolve, 30)))
    yield* TestClock.adjust(milliseconds)
    yield* Fiber.join(slept)
  })

const MONITORED = { latencyMonitorThreshold: 10 }

describe("LATENCY", () => {
  withServer(
    "records spikes by event, one a second",
    (c) =>
      Effect.gen(function* () {
        yield* must(c, ["LATENCY", "LATEST"], "[]")
        yield* spike(c, 100)
        yield* spike(c, 200)
        yield* spike(c, 5)
        yield* TestClock.adjust(1000)
        yield* spike(c, 50)
        yield* must(c, ["LATENCY", "HISTORY", "command"], "[[(integer) 0, (integer) 200], [(integer) 1, (integer) 50]]")
        yield* must(c, ["LATENCY", "LATEST"], '[["command", (integer) 1, (integer) 50, (integer) 200]]')
        yield* must(c, ["LATENCY", "HISTORY", "nosuch"], "[]")
        yield* must(
          c,
          ["LATENCY", "GRAPH", "command"],
          /^"command - high 200 ms, low 50 ms \(all time high 200 ms\)\\n-{80}\\n#/
        )
        yield* must(c, ["LATENCY", "DOCTOR"], /command: 2 latency spikes \(average 125ms, mean deviation 75ms/)
        yield* must(c, ["LATENCY", "RESET", "nosuch", "command"], "(integer) 1")
        yield* must(c, ["LATENCY", "RESET"], "(integer) 0")
        yield* must(c, ["LATENCY", "LATEST"], "[]")
      }),
    MONITORED
  )

  withServer("DOCTOR says when there is nothing to say", (c) =>
    Effect.gen(function* () {
      yield* must(c, ["LATENCY", "DOCTOR"], /The latency monitor is off/)
      yield* must(c, ["CONFIG", "SET", "latency-monitor-threshold", "1000"], "OK")
      yield* must(c, ["LATENCY", "DOCTOR"], /nothing to worry about/)
    })
  )

  withServer("HISTOGRAM counts calls by power of two of microseconds", (c, server) =>
    Effect.gen(function* () {
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* must(c, ["SET", "k", "v"], "OK")
      yield* call(c, ["CONFIG", "GET", "timeout"])
      // Under a clock that stands still nothing takes any time.
      yield* must(
        c,
        ["LATENCY", "HISTOGRAM", "set"],
        '["set", ["calls", (integer) 2, "histogram_usec", [(integer) 1, (integer) 2]]]'
      )
      yield* must(
        c,
        ["LATENCY", "HISTOGRAM", "config", "get", "nosuch"],
        /^\["config\|get", \["calls", \(integer\) 1, /
      )
      const other = yield* connect(server, 3)
      yield* must(
        other,
        ["LATENCY", "HISTOGRAM", "SET"],
        '{"set" => {"calls" => (integer) 2, "histogram_usec" => {(integer) 1 => (integer) 2}}}'
      )
      yield* must(c, ["CONFIG", "RESETSTAT"], "OK")
      yield* must(c, ["LATENCY", "HISTOGRAM", "set"], "[]")
    })
  )

  withServer("errors", (c) =>
    Effect.gen(function* () {
      yield* mustFail(c, ["LATENCY"], "ERR wrong number of arguments for 'latency' command")
      yield* mustFail(c, ["LATENCY", "NOSUCH"], "ERR unknown subcommand 'NOSUCH'. Try LATENCY HELP.")
      yield* mustFail(c, ["LATENCY", "GRAPH", "x"], "ERR No samples available for event 'x'")
      yield* mustFail(c, ["LATENCY", "HISTORY"], "ERR wrong number of arguments for 'latency|history' command")
    })
  )
})
