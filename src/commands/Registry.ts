/**
 * The commands the server has, made ready to run: found by the hash that the decoder computed while it scanned the name.
 *
 * Invariant: a registered command's facts never change; only its counters do.
 */
import type { LatencyHistogram } from "../LatencyHistogram.ts"
import { hashNameOf, sameName } from "../protocol/commandName.ts"
import type { Args } from "./Args.ts"
import type { CommandDefinition, CommandFlag, Run } from "./Command.ts"

const refuse: Run = () => {
  throw new Error("a container command runs only through its subcommands")
}

export class RegisteredCommand {
  /** `get`, or `list` for the subcommand of `client`. */
  readonly name: string
  /** `get`, or `client|list`. */
  readonly fullName: string
  readonly hash: number
  readonly arity: number
  readonly run: Run
  readonly flags: ReadonlySet<CommandFlag>
  readonly isWrite: boolean
  /** Writes, and commands whose effect is repeated elsewhere: CLIENT PAUSE WRITE holds them back. */
  readonly mayReplicate: boolean
  readonly subcommands: ReadonlyMap<string, RegisteredCommand> | undefined
  /** Neither a container nor able to change how the server treats the commands after it. */
  readonly isPlain: boolean

  /** Takes about the same time whatever the data, as long as it has few words: its time may be measured over many calls. */
  readonly isQuick: boolean

  calls = 0
  /** Time spent running, in microseconds. */
  microseconds = 0
  rejectedCalls = 0
  failedCalls = 0
  /** Made with the first call, unless latency-tracking is off. */
  histogram: LatencyHistogram | undefined

  constructor(
    readonly definition: CommandDefinition,
    readonly parent?: RegisteredCommand
  ) {
    this.name = definition.name
    this.fullName = parent === undefined ? this.name : `${parent.name}|${this.name}`
    this.hash = hashNameOf(this.name)
    this.arity = definition.arity
    this.run = definition.run ?? refuse
    this.flags = new Set(definition.flags)
    this.isWrite = this.flags.has("write")
    this.mayReplicate = this.isWrite || this.flags.has("may_replicate")
    this.isQuick = this.flags.has("fast") || definition.complexity?.startsWith("O(1)") === true
    this.subcommands =
      definition.subcommands &&
      new Map(definition.subcommands.map((sub) => [sub.name, new RegisteredCommand(sub, this)] as const))
    this.isPlain = this.subcommands === undefined && !this.flags.has("admin")
  }

  accepts(words: number): boolean {
    return this.arity > 0 ? words === this.arity : words >= -this.arity
  }

  resetStats(): void {
    this.calls = this.microseconds = this.rejectedCalls = this.failedCalls = 0
    this.histogram?.reset()
    for (const sub of this.subcommands?.values() ?? []) sub.resetStats()
  }
}

export class Registry {
  private readonly byHash = new Map<number, RegisteredCommand>()
  private lastFound: RegisteredCommand | undefined
  private readonly byName = new Map<string, RegisteredCommand>()

  constructor(definitions: Iterable<CommandDefinition>) {
    for (const definition of definitions) {
      const command = new RegisteredCommand(definition)
      const twin = this.byHash.get(command.hash)
      if (twin !== undefined) throw new Error(`commands ${twin.name} and ${command.name} have the same hash`)
      this.byHash.set(command.hash, command)
      this.byName.set(command.name, command)
    }
  }

  /** The command a request names; a container is not looked into. */
  find(args: Args, nameHash: number): RegisteredCommand | undefined {
    // A pipeline mostly repeats one command.
    const command = this.lastFound?.hash === nameHash ? this.lastFound : this.byHash.get(nameHash)
    this.lastFound = command
    return command !== undefined && sameName(args.buffer, args.start(0), args.length(0), command.name)
      ? command
      : undefined
  }

  /** By `get` or `client|list`, in any case. */
  lookup(fullName: string): RegisteredCommand | undefined {
    const [name, sub, more] = fullName.toLowerCase().split("|")
    const command = this.byName.get(name!)
    if (sub === undefined || more !== undefined) return more === undefined ? command : undefined
    return command?.subcommands?.get(sub)
  }

  /** The command or subcommand that these words call; the container itself if there is only its name. */
  called(words: Args): RegisteredCommand | undefined {
    const command = this.byName.get(words.lower(0))
    return command?.subcommands === undefined || words.count === 1 ? command : command.subcommands.get(words.lower(1))
  }

  /** Top-level commands, in the order in which they were defined. */
  get commands(): Iterable<RegisteredCommand> {
    return this.byName.values()
  }

  get size(): number {
    return this.byName.size
  }

  resetStats(): void {
    for (const command of this.commands) command.resetStats()
  }
}
