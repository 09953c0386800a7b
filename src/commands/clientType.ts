/**
 * The types of client that CLIENT LIST TYPE and CLIENT KILL TYPE know.
 */
import * as Errors from "../Errors.ts"
import type { Session } from "../net/Session.ts"

export type ClientType = "normal" | "master" | "replica" | "pubsub"

const types: ReadonlyMap<string, ClientType> = new Map([
  ["normal", "normal"],
  ["master", "master"],
  ["slave", "replica"],
  ["replica", "replica"],
  ["pubsub", "pubsub"]
])

/** The type of that name, in any case. Throws the reply's error when there is none. */
export function clientTypeOf(name: string): ClientType {
  const type = types.get(name.toLowerCase())
  if (type === undefined) throw Errors.unknownClientType(name)
  return type
}

export const isOfType = (session: Session, type: ClientType): boolean => session.clientClass === type
