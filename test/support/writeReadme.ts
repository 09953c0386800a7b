/** `npm run readme`: brings the README's tables up to date. */
import { readFileSync, writeFileSync } from "node:fs"
import { README, withTables } from "./readmeTables.ts"

writeFileSync(README, withTables(readFileSync(README, "utf8")))
