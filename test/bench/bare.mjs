// A bare Node loop as a yardstick: `net`, a Map, and the least RESP that redis-benchmark needs (PING, GET, SET, INCR),
// with one write a chunk. No types, no expiry, no limits, no checks: what any server in Node has to pay at least.
import { createServer } from "node:net"

const data = new Map()
const OK = "+OK\r\n"

/** One reply; values are latin1 text, so that lengths are bytes. */
function run(words) {
  switch (words[0].toUpperCase()) {
    case "PING":
      return "+PONG\r\n"
    case "GET": {
      const value = data.get(words[1])
      return value === undefined ? "$-1\r\n" : `$${value.length}\r\n${value}\r\n`
    }
    case "SET":
      data.set(words[1], words[2])
      return OK
    case "INCR": {
      const value = Number(data.get(words[1]) ?? 0) + 1
      data.set(words[1], String(value))
      return `:${value}\r\n`
    }
    default:
      return "-ERR unknown command\r\n"
  }
}

/** Runs every whole request in `text`; gives the replies and where the rest begins. */
function runAll(text) {
  let replies = ""
  let done = 0
  for (let at = 0; at < text.length; ) {
    let line = text.indexOf("\r\n", at)
    if (line === -1) break
    if (text[at] !== "*") {
      replies += run(text.slice(at, line).split(" "))
      done = at = line + 2
      continue
    }
    const words = new Array(Number(text.slice(at + 1, line)))
    at = line + 2
    let whole = true
    for (let i = 0; i < words.length; i++) {
      line = text.indexOf("\r\n", at)
      const length = line === -1 ? 0 : Number(text.slice(at + 1, line))
      if (line === -1 || line + 4 + length > text.length) {
        whole = false
        break
      }
      words[i] = text.slice(line + 2, line + 2 + length)
      at = line + 4 + length
    }
    if (!whole) break
    replies += run(words)
    done = at
  }
  return { replies, done }
}

const port = Number(process.argv[process.argv.indexOf("--port") + 1])
createServer((socket) => {
  socket.setNoDelay(true)
  let rest = ""
  socket.on("error", () => socket.destroy())
  socket.on("data", (chunk) => {
    const text = rest + chunk.toString("latin1")
    const { done, replies } = runAll(text)
    rest = text.slice(done)
    if (replies !== "") socket.write(replies, "latin1")
  })
}).listen(port, "127.0.0.1")
