import { encodeCommand } from "../../support/request.ts"
import type { Arguments } from "../Arguments.ts"
import type { Action, Family } from "../Family.ts"

const bytes = (text: string): Buffer => Buffer.from(text, "latin1")

/** Requests that break the protocol: the server says how and closes. */
const BROKEN: ReadonlyArray<string> = [
  ...[
    "*1\r\n+PING\r\n",
    "*1\r\n:4\r\nPING\r\n",
    "*1\r\nPING\r\n",
    "*1\r\n\r\n",
    "*2\r\n$4\r\nPING\r\n*1\r\n",
    "*1\r\n\xff1\r\n"
  ],
  ...["*a\r\n", "*\r\n", "*1a\r\n", "* 1\r\n", "*+1\r\n", "*2147483648\r\n", "*99999999999999999999\r\n", "*01\r\n"],
  ...[
    "*1\r\n$a\r\n",
    "*1\r\n$-1\r\n",
    "*1\r\n$-2\r\n",
    "*1\r\n$\r\n",
    "*1\r\n$536870913\r\n",
    "*1\r\n$99999999999999999999\r\n",
    "*1\r\n$ 4\r\n",
    "*1\r\n$04\r\n"
  ],
  ...['PING "\r\n', "PING 'x\r\n", 'SET a "b"c\r\n', "SET a 'b'c\r\n", 'ECHO "a\\\r\n', "ECHO 'a\\'\r\n"],
  ...[`*${"1".repeat(70_000)}`, `*1\r\n$${"1".repeat(70_000)}`, "x".repeat(70_000)]
]

/** Requests that are odd but allowed. */
const ODD: ReadonlyArray<string> = [
  ...[
    "*0\r\n",
    "*-1\r\n",
    "*-5\r\n",
    "\r\n",
    "\n",
    "\r\n\r\nPING\r\n",
    "PING\n",
    "  PING  \r\n",
    "\tPING\r\n",
    "PING\r\r\n",
    "PING\x00\r\n"
  ],
  ...[
    'ECHO "a b"\r\n',
    'ECHO "\\x41\\n\\r\\t\\b\\a\\q\\""\r\n',
    "ECHO 'a\\'b\\n'\r\n",
    'ECHO ""\r\n',
    "ECHO ''\r\n",
    'ECHO "\\xZZ\\x4"\r\n',
    'ECHO a"b"\r\n'
  ],
  ...[
    "$4\r\nPING\r\n",
    "+PING\r\n",
    ":1\r\n",
    "-ERR\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "ECHO \xe4\xff\r\n",
    "ECHO a\x00b\r\n",
    "SET a b c d e f g h i j k l m\r\n"
  ],
  ...[
    "*1\r\n$0\r\n\r\n",
    "*2\r\n$4\r\nECHO\r\n$0\r\n\r\n",
    "*1\r\n$4\r\nPINGxx",
    "*2\r\n$4\r\nECHO\r\n$3\r\na\r\n\r\n"
  ],
  ...["*3\r\n$3\r\nSET\r\n", "*1\r\n$4\r\nPI", "*1\r\n\x00", "*1\r", "PIN", "*1\r\n$4\r\nPING"]
]

/**
 * What a web page could make a browser send: closed without a word. Sent alone, because Redis drops the replies to what
 * came before in the same packet.
 */
const ATTACKS: ReadonlyArray<string> = [
  "POST / HTTP/1.1\r\nPING\r\n",
  "Host: localhost\r\nPING\r\n",
  "post\r\n",
  "HOST: x\r\n"
]

/** Cut into pieces at random places. */
function pieces(make: Arguments, whole: Buffer): ReadonlyArray<Buffer> {
  const parts: Array<Buffer> = []
  for (let at = 0; at < whole.length; ) {
    const size =
      whole.length > 2000 ? make.random.between(1000, 30_000) : make.random.between(1, make.random.oneIn(3) ? 3 : 200)
    parts.push(whole.subarray(at, at + size))
    at += size
  }
  return parts
}

const good = (make: Arguments): Buffer =>
  encodeCommand(
    make.random.pick([
      ["PING"],
      ["SET", make.key(), make.value()],
      ["GET", make.key()],
      ["ECHO", make.value()],
      ["nosuch", "x"]
    ])
  )

/**
 * Bytes of a kind behind some good requests. What breaks the protocol comes last and in one piece: bytes that reach a
 * server after it closed make the system throw away what was not read yet, replies included.
 */
function raw(make: Arguments, text: string, broken: boolean): Action {
  const before = make.random.many(0, 3, () => good(make))
  const after = !broken && make.random.oneIn(3) ? [good(make)] : []
  const whole = Buffer.concat([...before, bytes(text), ...after])
  return { _tag: "Raw", pieces: broken || make.random.oneIn(2) ? [whole] : pieces(make, whole), halfClose: !broken }
}

/** Random damage to a good request. */
function damaged(make: Arguments): Action {
  const whole = Buffer.concat(make.random.many(1, 4, () => good(make)))
  for (let hits = make.random.between(1, 3); hits > 0; hits--) {
    whole[make.random.between(0, Math.min(whole.length, 200) - 1)] = make.random.pick([
      ...make.random.bytes(2),
      0x0d,
      0x0a,
      0x2a,
      0x24,
      0x22,
      0x31
    ])
  }
  return { _tag: "Raw", pieces: [whole], halfClose: true }
}

/** The wire itself: frames broken in every way, on throw-away connections. */
export const protocol: Family = {
  name: "protocol",
  connections: 1,
  weight: 0.5,
  shapes: [
    [6, (make) => raw(make, make.random.pick(BROKEN), true)],
    [6, (make) => raw(make, make.random.pick(ODD), false)],
    [1, (make) => ({ _tag: "Raw", pieces: [bytes(make.random.pick(ATTACKS))], halfClose: false })],
    [4, damaged],
    [1, (make) => ["SET", make.key(), make.value()]],
    [1, (make) => ["GET", make.key()]]
  ]
}
