/**
 * A family of commands to be compared: how to make random ones, as data. A family's file reads like a list of what the
 * commands take.
 */
import type { Words } from "../support/request.ts"
import type { Arguments } from "./Arguments.ts"
import type { Weighted } from "./Random.ts"

/** What a program does at one point. */
export type Action =
  /** Commands that travel in one write; most often a single one. */
  | { readonly _tag: "Send"; readonly commands: ReadonlyArray<Words> }
  /** A whole iteration by cursor, compared as a set: `words` holds `cursor` where the cursor goes. */
  | { readonly _tag: "Iterate"; readonly words: Words }
  /** A pause in ms of real time, for deadlines to pass, and then commands. */
  | {
      readonly _tag: "Wait"
      readonly millis: number
      readonly before: ReadonlyArray<Words>
      readonly after: ReadonlyArray<Words>
    }
  /**
   * Commands that may wait, each on a connection of its own, one after the other; then commands that may let them go on. Who
   * waits even then is unblocked.
   */
  | { readonly _tag: "Block"; readonly waiting: ReadonlyArray<Words>; readonly then: ReadonlyArray<Words> }
  /**
   * Bytes on a connection of their own, in these pieces. Everything that comes back is compared, and that the server
   * closes: by itself, or, with `halfClose`, after the client said that it will send no more.
   */
  | { readonly _tag: "Raw"; readonly pieces: ReadonlyArray<Uint8Array>; readonly halfClose: boolean }

/** One shape of a command: gives the words, or an action where a command alone does not say it. */
export type Shape = (make: Arguments) => Words | Action

/** A family: which commands, over how many connections. */
export interface Family {
  readonly name: string
  /** Connections that a program talks over; each command goes to one of them. */
  readonly connections: number
  /** So many of them, the first ones, only listen: what they are sent is compared at the end. None when absent. */
  readonly listeners?: number
  /** The share of a run's commands, relative to other families; 1 when absent. */
  readonly weight?: number
  readonly shapes: ReadonlyArray<Weighted<Shape>>
  /** Commands that every connection sends first, by the connection's number. */
  readonly open?: (connection: number) => ReadonlyArray<Words>
  /** Settings for the whole program, sent by an administrator's connection. */
  readonly configure?: ReadonlyArray<Words>
  /** How often, one in so many, a command is spoilt: an argument dropped, added, doubled or replaced. 0: never. */
  readonly spoilOneIn?: number
  /** Whether values are never stored with a deadline that has passed, because when they die is the server's choice. */
  readonly neverBornDead?: boolean
  /** Whether scores may be distances, whose last digits are each server's own: its sines are. */
  readonly storesDistances?: boolean
  /** Whether each command is answered before the next is sent, for replies that depend on how commands are batched. */
  readonly stepwise?: boolean
}

/** Commands that go out together. */
export const send = (...commands: ReadonlyArray<Words>): Action => ({ _tag: "Send", commands })

/** A whole iteration with a cursor. */
export const iterate = (...words: Words): Action => ({ _tag: "Iterate", words })

/** Commands, a pause in ms, commands. */
export const wait = (before: ReadonlyArray<Words>, millis: number, after: ReadonlyArray<Words>): Action => ({
  _tag: "Wait",
  millis,
  before,
  after
})

/** Commands that may wait, and what may let them go on. */
export const block = (waiting: ReadonlyArray<Words>, then: ReadonlyArray<Words>): Action => ({
  _tag: "Block",
  waiting,
  then
})

/** Whether what a shape gave is a plain command. */
export const isWords = (made: Words | Action): made is Words => Array.isArray(made)

/** The word that stands for the cursor in an iteration. */
export const CURSOR = "{cursor}"
