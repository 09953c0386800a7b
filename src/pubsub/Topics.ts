/**
 * All topics of one kind by their names.
 *
 * Invariant: a topic exists from its first subscription to the end of its last; names are latin1 text, one character a byte.
 */
import type { Inbox } from "./Inbox.ts"
import { Topic, type TopicKind } from "./Topic.ts"

export class Topics implements Iterable<Topic> {
  private readonly byName = new Map<string, Topic>()

  constructor(private readonly kind: TopicKind) {}

  /** How many topics have subscribers. */
  get size(): number {
    return this.byName.size
  }

  find(name: string): Topic | undefined {
    return this.byName.get(name)
  }

  subscribers(name: string): number {
    return this.byName.get(name)?.subscribers ?? 0
  }

  /** In the order in which they came to be. */
  [Symbol.iterator](): Iterator<Topic> {
    return this.byName.values()
  }

  names(): Iterable<string> {
    return this.byName.keys()
  }

  /** False when the inbox was subscribed already. */
  subscribe(inbox: Inbox, name: string): boolean {
    const memberships = inbox[this.kind.memberships]
    if (memberships.has(name)) return false
    const topic = this.byName.get(name) ?? this.open(name)
    memberships.set(name, topic.subscribe(inbox))
    return true
  }

  /** False when the inbox was not subscribed. Messages that it has not drained yet are still delivered. */
  unsubscribe(inbox: Inbox, name: string): boolean {
    const memberships = inbox[this.kind.memberships]
    memberships.get(name)?.leave()
    return memberships.delete(name)
  }

  /** Shuts all topics down: nobody receives anything more. */
  shutdown(): void {
    for (const [name, topic] of this.byName) this.close(name, topic)
  }

  private open(name: string): Topic {
    const topic: Topic = new Topic(this.kind, name, () => this.close(name, topic))
    this.byName.set(name, topic)
    return topic
  }

  private close(name: string, topic: Topic): void {
    this.byName.delete(name)
    topic.shutdown()
  }
}
