/**
 * Every connected client, in the order of arrival: what CLIENT LIST shows and CLIENT KILL searches.
 *
 * Invariant: a session is here from the moment its connection is accepted until its socket is closed.
 */
import { Context, Layer } from "effect"
import { Session, type Transport } from "./Session.ts"

export class ClientRegistry {
  private readonly sessions = new Map<number, Session>()
  private lastId = 0
  /** Clients one of whose commands blocks. */
  blocked = 0
  /** The clients that receive every command (MONITOR). */
  readonly monitors = new Set<Session>()

  get size(): number {
    return this.sessions.size
  }

  add(transport: Transport, now: number): Session {
    const session = new Session(++this.lastId, transport, now)
    this.sessions.set(session.id, session)
    return session
  }

  remove(session: Session): void {
    this.sessions.delete(session.id)
    this.monitors.delete(session)
  }

  get(id: number): Session | undefined {
    return this.sessions.get(id)
  }

  [Symbol.iterator](): Iterator<Session> {
    return this.sessions.values()
  }
}

export class Clients extends Context.Service<Clients, ClientRegistry>()("fibredis/net/Clients") {
  static readonly layer = Layer.sync(Clients, () => new ClientRegistry())
}
