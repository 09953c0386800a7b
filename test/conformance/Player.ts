/**
 * Plays a program to one server and writes down everything that came back. Connections take turns: what one sent is
 * answered before another speaks, so the order in which a server sees the commands is the program's.
 */
import { setTimeout as sleep } from "node:timers/promises"
import { type Words, wordText } from "../support/request.ts"
import { CURSOR } from "./Family.ts"
import type { Program, Step } from "./Program.ts"
import { readScanReply } from "./ScanReply.ts"
import { readState, type ServerState } from "./State.ts"
import { type Exchange, Wire } from "./Wire.ts"

/** One exchange of a program, with the commands that caused it. */
export interface Played extends Exchange {
  readonly connection: number
  readonly commands: ReadonlyArray<Words>
}

/** What playing a program gave; an iteration counts as one command whose frames are its elements, sorted. */
export interface Transcript {
  readonly played: ReadonlyArray<Played>
  /** What was in the databases afterwards. */
  readonly state: ServerState
}

/** How long, in ms, a connection with a malformed request may stay open before it counts as kept open. */
const RAW_PATIENCE = 400

/** An iteration that takes more rounds than this does not end. */
const MOST_ROUNDS = 2000

/** Whether a connection is inside MULTI after these commands, if it was `before`. EXEC ends it even with arguments: by an abort. */
export function multiAfter(before: boolean, commands: ReadonlyArray<Words>): boolean {
  let inside = before
  for (const words of commands) {
    const name = wordText(words[0]!).toUpperCase()
    const wellFormed = words.length === 1
    if (name === "MULTI") inside ||= wellFormed
    else if (name === "EXEC" || ((name === "DISCARD" || name === "RESET") && wellFormed)) inside = false
  }
  return inside
}

const isClientKill = (words: Words): boolean =>
  words.length > 2 && `${wordText(words[0]!)} ${wordText(words[1]!)}`.toUpperCase() === "CLIENT KILL"

/** A connection whose command may wait. */
interface Waiter {
  /** The client's. */
  readonly id: string
  readonly wire: Wire
  readonly words: Words
}

class Player {
  private readonly wires = new Map<number, Wire>()
  private readonly inMulti = new Set<number>()
  private readonly played: Array<Played> = []
  private exchanges = 0
  /** Whether the server left something unanswered: what would come after that tells nothing more. */
  private silent = false

  constructor(
    private readonly program: Program,
    private readonly port: number
  ) {}

  async run(): Promise<ReadonlyArray<Played>> {
    for (let connection = 0; connection < this.program.family.connections; connection++) await this.wire(connection)
    const { steps } = this.program
    for (let at = 0; at < steps.length && !this.silent; ) at = await this.batch(steps, at)
    for (const connection of this.wires.keys()) if (!this.silent) await this.exchange(connection, [])
    return this.played
  }

  async close(): Promise<void> {
    await Promise.all([...this.wires.values()].map((wire) => wire.close()))
  }

  /** Plays the steps from `at` on that go out together; gives the index behind them. */
  private async batch(steps: ReadonlyArray<Step>, at: number): Promise<number> {
    const commands: Array<Words> = []
    const { connection } = steps[at]!
    let next = at
    while (next < steps.length) {
      const step = steps[next]!
      if (step.connection !== connection || step.action._tag !== "Send") break
      commands.push(...step.action.commands)
      next++
      if (step.settle) break
    }
    if (next > at) await this.exchange(connection, commands)
    else await this.special(steps[next++]!)
    return next
  }

  private async special({ action, connection }: Step): Promise<void> {
    if (action._tag === "Wait") {
      await this.exchange(connection, action.before)
      await sleep(action.millis)
      await this.exchange(connection, action.after)
    } else if (action._tag === "Raw") {
      const wire = await Wire.open(this.port)
      const exchange = await wire.raw(action.pieces, action.halfClose, RAW_PATIENCE)
      await wire.close()
      this.note(connection, [], exchange)
    } else if (action._tag === "Iterate") {
      await this.iterate(connection, action.words)
    } else if (action._tag === "Block") {
      await this.block(connection, action.waiting, action.then)
    }
  }

  private async exchange(connection: number, commands: ReadonlyArray<Words>): Promise<Exchange> {
    const wire = await this.wire(connection)
    const inside = multiAfter(this.inMulti.has(connection), commands)
    const exchange = inside ? await wire.count(commands) : await wire.settle(commands, `settled:${this.exchanges++}`)
    if (inside) this.inMulti.add(connection)
    else this.inMulti.delete(connection)
    this.silent ||= exchange.ending === "silent"
    if (commands.some(isClientKill)) await this.probeOthers(wire)
    return this.note(connection, commands, exchange)
  }

  /** Sees to it that a connection which the server closed is known as closed, however late that comes to be noticed here. */
  private async probeOthers(speaker: Wire): Promise<void> {
    for (const [connection, wire] of this.wires)
      if (wire !== speaker && !wire.isClosed && !this.inMulti.has(connection)) await wire.probe("still there")
  }

  private async block(connection: number, waiting: ReadonlyArray<Words>, then: ReadonlyArray<Words>): Promise<void> {
    const observer = await Wire.open(this.port)
    const waiters: Array<Waiter> = []
    for (const words of waiting) waiters.push(await this.startWaiting(observer, words))
    await this.exchange(connection, then)
    for (const { id, wire, words } of waiters) {
      await observer.settle([["CLIENT", "UNBLOCK", id]], "unblocked")
      this.note(connection, [words], await wire.settle([], `settled:${this.exchanges++}`))
      await wire.close()
    }
    await observer.close()
  }

  /** Sends the command and sees to it that the server has begun to run it. */
  private async startWaiting(observer: Wire, words: Words): Promise<Waiter> {
    const wire = await Wire.open(this.port)
    const { frames } = await wire.settle([...this.hello, ["CLIENT", "ID"]], "opened")
    const id = frames.at(-1)!.toString("latin1").slice(1, -2)
    wire.send([words])
    for (let asks = 0; asks < MOST_ROUNDS; asks++) {
      const listed = await observer.settle([["CLIENT", "LIST", "ID", id]], "listed")
      // The client's last command until then is the PING that ended the exchange.
      if (!listed.frames[0]!.includes("cmd=ping")) break
    }
    return { id, wire, words }
  }

  /** The whole iteration: every element once, sorted; a cursor that never returns to 0 is a silence. */
  private async iterate(connection: number, words: Words): Promise<void> {
    const wire = await this.wire(connection)
    const elements = new Set<string>()
    let cursor = "0"
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const command = words.map((word) => (word === CURSOR ? cursor : word))
      const exchange = await wire.settle([command], `settled:${this.exchanges}`)
      const reply = readScanReply(exchange.frames[0])
      if (reply === undefined) return this.noteIteration(connection, words, exchange)
      for (const element of reply.elements) elements.add(element)
      cursor = reply.cursor
      if (cursor === "0") {
        const frames = [...elements].sort().map((element) => Buffer.from(element, "latin1"))
        return this.noteIteration(connection, words, { frames, ending: exchange.ending })
      }
    }
    this.noteIteration(connection, words, { frames: [], ending: "silent" })
  }

  private noteIteration(connection: number, words: Words, exchange: Exchange): void {
    this.silent ||= exchange.ending === "silent"
    this.exchanges++
    this.note(connection, [words], exchange)
  }

  private note(connection: number, commands: ReadonlyArray<Words>, exchange: Exchange): Exchange {
    this.played.push({ connection, commands, ...exchange })
    return exchange
  }

  private get hello(): ReadonlyArray<Words> {
    return this.program.protocol === 3 ? [["HELLO", "3"]] : []
  }

  /** The connection, opened anew when the server closed it. */
  private async wire(connection: number): Promise<Wire> {
    const known = this.wires.get(connection)
    if (known !== undefined && !known.isClosed) return known
    const wire = await Wire.open(this.port)
    this.wires.set(connection, wire)
    this.inMulti.delete(connection)
    await wire.settle([...this.hello, ...(this.program.family.open?.(connection) ?? [])], "opened")
    return wire
  }
}

/** On a connection of its own: the program may have killed every other. */
async function readStateAt(port: number): Promise<ServerState> {
  const reader = await Wire.open(port)
  try {
    return await readState(reader)
  } finally {
    await reader.close()
  }
}

/**
 * Plays a program to the server on that port of this machine, from empty databases and default settings on. Fails when
 * no connection can be made.
 */
export async function play(program: Program, port: number): Promise<Transcript> {
  const administrator = await Wire.open(port)
  const player = new Player(program, port)
  try {
    const prepare = [["CONFIG", "SET", "notify-keyspace-events", ""], ["FLUSHALL"], ...(program.family.configure ?? [])]
    await administrator.settle(prepare, "prepared")
    const played = await player.run()
    return { played, state: await readStateAt(port) }
  } finally {
    await Promise.all([player.close(), administrator.close()])
  }
}
