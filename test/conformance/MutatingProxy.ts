/**
 * A TCP proxy that tells lies: it passes everything on, but changes what the server says where it is told to. It proves
 * that the conformance suite finds what differs.
 */
import * as Net from "node:net"

/** Changes a chunk of replies, one character a byte; gives it back unchanged when there is nothing to lie about. */
export type Lie = (replies: string) => string

/** A running proxy. */
export interface Proxy extends AsyncDisposable {
  readonly port: number
}

/** Starts a proxy in front of the server on `target`, a port of this machine. */
export function startProxy(target: number, lie: Lie): Promise<Proxy> {
  const sockets = new Set<Net.Socket>()
  const keep = (socket: Net.Socket) => {
    sockets.add(socket)
    socket.on("close", () => sockets.delete(socket))
    socket.on("error", () => socket.destroy())
    return socket.setNoDelay(true)
  }
  const server = Net.createServer({ allowHalfOpen: true }, (client) => {
    const upstream = keep(Net.connect({ host: "127.0.0.1", port: target, allowHalfOpen: true }))
    keep(client).pipe(upstream)
    upstream.on("data", (chunk) => client.write(Buffer.from(lie(chunk.toString("latin1")), "latin1")))
    upstream.on("end", () => client.end())
    client.on("close", () => upstream.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      resolve({
        port: typeof address === "object" && address !== null ? address.port : 0,
        [Symbol.asyncDispose]: () =>
          new Promise((done) => {
            server.close(() => done())
            for (const socket of sockets) socket.destroy()
          })
      })
    })
  })
}
