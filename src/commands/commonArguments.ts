/** Arguments that most commands have, as COMMAND DOCS names them. */
import type { Argument } from "./Command.ts"

/** The key of the first key specification. */
export const KEY: Argument = { name: "key", type: "key", keySpec: 0 }

/** A string to store. */
export const VALUE: Argument = { name: "value", type: "string" }
