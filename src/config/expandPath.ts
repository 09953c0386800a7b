/**
 * Paths with `*`, `?` and `[...]` as the shell and `include` understand them (POSIX glob).
 */
import { Effect, FileSystem, Path } from "effect"
import { matchGlob } from "../values/glob.ts"
import { Slice } from "../values/Slice.ts"
import { toWord } from "./Words.ts"

const isGlob = (segment: string): boolean => /[*?[]/.test(segment)

/** Names that begin with a dot are matched by patterns that do so, too. */
const matches = (pattern: string, name: string): boolean =>
  (pattern.startsWith(".") || !name.startsWith(".")) &&
  matchGlob(Slice.latin1(toWord(pattern)), Slice.latin1(toWord(name)))

/**
 * The paths that `pattern` stands for, in order; none when it matches nothing. A path without a pattern in it stands for
 * itself, whether it exists or not.
 */
export const expandPath = Effect.fnUntraced(function* (pattern: string) {
  if (!isGlob(pattern)) return [pattern]
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const [start, ...segments] = path.isAbsolute(pattern) ? ["/", ...pattern.split("/")] : [".", ...pattern.split("/")]
  let found: ReadonlyArray<string> = [start!]
  for (const segment of segments.filter((part) => part !== "")) {
    const next = yield* Effect.forEach(found, (directory) => {
      if (!isGlob(segment)) return Effect.succeed([path.join(directory, segment)])
      return fs.readDirectory(directory).pipe(
        Effect.orElseSucceed((): ReadonlyArray<string> => []),
        Effect.map((names) => names.filter((name) => matches(segment, name)).sort()),
        Effect.map((names) => names.map((name) => path.join(directory, name)))
      )
    })
    found = next.flat()
  }
  return yield* Effect.filter(found, (file) => Effect.orElseSucceed(fs.exists(file), () => false))
})
