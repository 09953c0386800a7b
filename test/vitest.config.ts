/** Node 20 lacks what the reporter uses to print a failed assertion. */
import "./polyfill.mjs"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    dir: "test",
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // The same random programs every time; `npm run conformance` draws new ones.
    env: { FIBREDIS_SEED: process.env.FIBREDIS_SEED ?? "20261121" }
  }
})
