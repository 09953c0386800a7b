/**
 * Pub/sub (https://redis.io/docs/latest/develop/interact/pubsub/): who is subscribed to what, and the way of a message to
 * them. There is an Effect `PubSub` per channel and per pattern; see Topic.ts.
 *
 * Invariant: publishing never waits and never fails. What a subscriber does not read waits in its own inbox, which is
 * bounded.
 */
import { Context, Effect, Layer } from "effect"
import { matchGlob } from "../values/glob.ts"
import type { Slice } from "../values/Slice.ts"
import { Channel, Message, Pattern, ShardChannel } from "./Topic.ts"
import { Topics } from "./Topics.ts"

export class HubService {
  readonly channels = new Topics(Channel)
  readonly patterns = new Topics(Pattern)
  readonly shardChannels = new Topics(ShardChannel)

  /** Nobody is subscribed to any channel or pattern: publishing would reach no one. */
  get idle(): boolean {
    return this.channels.size === 0 && this.patterns.size === 0
  }

  /**
   * PUBLISH: to the channel's subscribers first, then to those of each pattern that it matches. Gives the number of
   * deliveries; a client that is subscribed in several ways receives the message, and counts, several times.
   */
  publish(channel: Slice, payload: Slice): number {
    if (this.idle) return 0
    let message: Message | undefined
    let receivers = 0
    const topic = this.channels.find(channel.toString())
    if (topic !== undefined) {
      message = new Message(topic.name.buffer, payload.copy())
      receivers = topic.publish(message)
    }
    for (const pattern of this.patterns) {
      if (!matchGlob(pattern.name, channel)) continue
      message ??= new Message(channel.copy(), payload.copy())
      receivers += pattern.publish(message)
    }
    return receivers
  }

  /** SPUBLISH: shard channels are a world of their own, without patterns. */
  publishShard(channel: Slice, payload: Slice): number {
    if (this.shardChannels.size === 0) return 0
    const topic = this.shardChannels.find(channel.toString())
    return topic === undefined ? 0 : topic.publish(new Message(topic.name.buffer, payload.copy()))
  }

  shutdown(): void {
    for (const topics of [this.channels, this.patterns, this.shardChannels]) topics.shutdown()
  }
}

export class Hub extends Context.Service<Hub, HubService>()("fibredis/pubsub/Hub") {
  static readonly layer = Layer.effect(
    Hub,
    Effect.acquireRelease(
      Effect.sync(() => new HubService()),
      (hub) => Effect.sync(() => hub.shutdown())
    )
  )
}
