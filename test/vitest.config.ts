/** Node 20 lacks what the reporter uses to print a failed assertion. */
import "./polyfill.mjs"
import { defineConfig } from "vitest/config"

export default defineConfig({
  test: { dir: "test", testTimeout: 20_000, hookTimeout: 60_000 }
})
