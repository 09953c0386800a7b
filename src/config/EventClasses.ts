/**
 * The directive `notify-keyspace-events`: which keyspace notifications are published, one letter for each class.
 * https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/
 */
import { Result } from "effect"
import { type Kind, single } from "./Kind.ts"

/** The classes that `A` stands for. */
const ALL = "g$lshzxetd"

/** Every letter, in the order in which Redis prints them. */
const LETTERS = `${ALL}nKEm`

/** Letters without repetition in Redis' order, all of `g$lshzxetd` written as `A`. */
const canonical = (letters: string): string => {
  const wanted = letters.includes("A") ? ALL + letters : letters
  const sorted = [...LETTERS].filter((letter) => wanted.includes(letter)).join("")
  return sorted.startsWith(ALL) ? `A${sorted.slice(ALL.length)}` : sorted
}

/** A set of event classes as its canonical string, `""` for none. */
export const eventClasses: Kind<string> = {
  ...single({
    metavar: "classes",
    parse: (word) => {
      // To Redis the letters are a C string.
      const letters = word.split("\0", 1)[0]!
      return [...letters].every((letter) => letter === "A" || LETTERS.includes(letter))
        ? Result.succeed(canonical(letters))
        : Result.fail("Invalid event class character. Use 'Ag$lshzxeKEtmdn'.")
    },
    format: (value) => value
  }),
  // redis-server leaves out the n of `An` here.
  print: (value) => value.replace("An", "A")
}
