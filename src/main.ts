#!/usr/bin/env node
/**
 * The program `fibredis`: the only module that does something when it is imported.
 */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Effect, Runtime } from "effect"
import { makeCli } from "./Cli.ts"
import { serve } from "./Server.ts"

/** Signals are the server's own business, so that it can end well. */
const runMain = Runtime.makeRunMain(({ fiber, teardown }) => {
  fiber.addObserver((exit) =>
    teardown(exit, (code) => {
      process.exitCode = code
    })
  )
})

makeCli(serve)(process.argv.slice(2)).pipe(Effect.provide(NodeServices.layer), runMain)
