/**
 * A channel, pattern or shard channel that somebody is subscribed to: an Effect `PubSub` of messages and its subscribers.
 *
 * Subscribing and publishing happen inside the synchronous transactions of the keyspace, so a topic uses of its PubSub
 * what never suspends: `publishUnsafe`, and the subscriptions of its backing store. The two effects that make and shut down
 * a PubSub do not suspend either, and run in place.
 *
 * Invariant: a subscription stands in its subscriber's inbox once for every message that it has not delivered yet.
 */
import { Effect, MutableList, PubSub } from "effect"
import type { ReplyWriter } from "../protocol/ReplyWriter.ts"
import { Slice } from "../values/Slice.ts"
import type { Delivery, Inbox, Membership } from "./Inbox.ts"

/** What the three kinds of topic differ in. */
export interface TopicKind {
  /** Where an inbox keeps its subscriptions of this kind. */
  readonly memberships: "channels" | "patterns" | "shardChannels"
  /** The first word of a message. */
  readonly messageType: "message" | "pmessage" | "smessage"
  /** A message says also which pattern it was that its channel matched. */
  readonly namesPattern: boolean
}

export const Channel: TopicKind = { memberships: "channels", messageType: "message", namesPattern: false }
export const Pattern: TopicKind = { memberships: "patterns", messageType: "pmessage", namesPattern: true }
export const ShardChannel: TopicKind = { memberships: "shardChannels", messageType: "smessage", namesPattern: false }

/** About what RESP adds to a message's words: type, headers, line ends. */
const FRAMING_BYTES = 36

/** What was published, with bytes of its own. All subscribers of all topics that it reaches share one. */
export class Message {
  constructor(
    readonly channel: Uint8Array,
    readonly payload: Uint8Array
  ) {}

  /** Its size on the wire, nearly. */
  get bytes(): number {
    return this.channel.length + this.payload.length + FRAMING_BYTES
  }
}

export class Topic {
  readonly name: Slice
  private readonly pubsub = Effect.runSync(PubSub.unbounded<Message>())
  private readonly subscriptions = new Set<Subscription>()

  constructor(
    readonly kind: TopicKind,
    name: string,
    /** The last subscription has ended. */
    private readonly onDeserted: () => void
  ) {
    this.name = Slice.latin1(name)
  }

  get subscribers(): number {
    return this.subscriptions.size
  }

  /** Hands the message to every subscriber and says how many they are. */
  publish(message: Message): number {
    const { subscribers } = this
    PubSub.publishUnsafe(this.pubsub, message)
    for (const subscription of this.subscriptions) subscription.inbox.offer(subscription, message.bytes)
    return subscribers
  }

  subscribe(inbox: Inbox): Membership {
    const subscription = new Subscription(this, inbox, this.pubsub.pubsub.subscribe())
    this.subscriptions.add(subscription)
    return subscription
  }

  remove(subscription: Subscription): void {
    this.subscriptions.delete(subscription)
    if (this.subscriptions.size === 0) this.onDeserted()
  }

  shutdown(): void {
    Effect.runSync(PubSub.shutdown(this.pubsub))
  }
}

class Subscription implements Delivery, Membership {
  /** What had arrived and was not delivered when the subscription ended, in order. */
  private leftover: Array<Message> = []

  constructor(
    private readonly topic: Topic,
    readonly inbox: Inbox,
    private readonly backing: PubSub.PubSub.BackingSubscription<Message>
  ) {}

  write(reply: ReplyWriter): void {
    const message = this.leftover.shift() ?? this.backing.poll()
    if (message === MutableList.Empty) return
    const { kind, name } = this.topic
    reply.push(kind.namesPattern ? 4 : 3)
    reply.bulkText(kind.messageType)
    if (kind.namesPattern) reply.bulk(name)
    reply.bulkBytes(message.channel)
    reply.bulkBytes(message.payload)
  }

  leave(): void {
    this.leftover = this.backing.pollUpTo(this.backing.size())
    this.backing.unsubscribe()
    this.topic.remove(this)
  }
}
