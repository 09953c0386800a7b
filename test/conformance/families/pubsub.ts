import type { Words } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import { type Family, send } from "../Family.ts"

const channel = (make: Arguments): string => make.random.pick(["news", "news.art", "sport", "", "x\x00y", "{a}1"])

const channels = (make: Arguments, low = 1): Words => make.random.many(low, 3, () => channel(make))

const patterns = (make: Arguments, low = 1): Words =>
  make.random.many(low, 3, () => make.random.pick(["news*", "*", "n?ws", "sp[ao]rt", "", "\\*", "news"]))

const inside = (make: Arguments) =>
  send(["MULTI"], ["SUBSCRIBE", channel(make)], ["GET", make.key()], ["UNSUBSCRIBE", channel(make)], ["EXEC"])

/** Publishing and subscribing over four connections, messages compared in their order for each of them. */
export const pubsub: Family = {
  name: "pubsub",
  connections: 4,
  spoilOneIn: 30,
  shapes: [
    [14, (make) => ["PUBLISH", channel(make), make.value()]],
    [4, (make) => ["SPUBLISH", channel(make), make.value()]],
    [6, (make) => ["SUBSCRIBE", ...channels(make)]],
    [4, (make) => ["PSUBSCRIBE", ...patterns(make)]],
    [3, (make) => ["SSUBSCRIBE", make.random.pick(["{a}1", "{a}2", "sport"])]],
    [4, (make) => ["UNSUBSCRIBE", ...channels(make)]],
    [3, (make) => ["PUNSUBSCRIBE", ...patterns(make)]],
    [2, (make) => ["SUNSUBSCRIBE", make.random.pick(["{a}1", "{a}2", "sport"])]],
    [1, (make) => send(["UNSUBSCRIBE"], ["SUBSCRIBE", channel(make)])],
    [1, () => ["PUNSUBSCRIBE"]],
    [1, () => ["SUNSUBSCRIBE"]],
    [3, (make) => ["PUBSUB", make.anyCase("NUMSUB"), ...channels(make, 0)]],
    [2, (make) => ["PUBSUB", make.anyCase("NUMPAT")]],
    [
      2,
      (make) => [
        "PUBSUB",
        make.anyCase("CHANNELS"),
        ...make.options(1, () => [make.random.pick(["*", "news*", "nosuch"])])
      ]
    ],
    [1, (make) => ["PUBSUB", make.anyCase("SHARDCHANNELS")]],
    [1, (make) => ["PUBSUB", make.anyCase("SHARDNUMSUB"), "{a}1", "sport"]],
    [1, (make) => ["PUBSUB", make.anyCase("NOSUCH", "NUMPAT"), "x"]],
    [2, () => ["PING"]],
    [1, (make) => ["PING", make.word()]],
    [2, (make) => ["SET", make.key(), make.value()]],
    [2, (make) => ["GET", make.key()]],
    [1, inside],
    [1, () => ["RESET"]],
    [1, (make) => (make.random.oneIn(3) ? ["QUIT"] : ["PING"])]
  ]
}
