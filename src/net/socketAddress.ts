/**
 * Who is at the other end of a socket, as CLIENT LIST prints it.
 */
import type { Socket } from "node:net"

/** `1.2.3.4:5` or `[::1]:5`; IPv4 that came in over IPv6 is shown as IPv4. */
export function formatAddress(host: string, port: number): string {
  const plain = host.startsWith("::ffff:") ? host.slice(7) : host
  return plain.includes(":") ? `[${plain}]:${port}` : `${plain}:${port}`
}

const isLoopback = (host: string) => host === "::1" || /^(::ffff:)?127\./.test(host)

/** Node keeps the descriptor in the socket's handle, which it does not document; where there is none, it is -1. */
type WithHandle = Socket & { readonly _handle?: { readonly fd?: number } | null }

const descriptorOf = (socket: WithHandle): number => socket._handle?.fd ?? -1

export function describeSocket(socket: Socket, unixPath = "") {
  const { localAddress, localPort = 0, remoteAddress, remotePort = 0 } = socket
  const isUnixSocket = remoteAddress === undefined
  return {
    address: isUnixSocket ? `${unixPath}:0` : formatAddress(remoteAddress, remotePort),
    localAddress: isUnixSocket ? `${unixPath}:0` : formatAddress(localAddress ?? "", localPort),
    isUnixSocket,
    isLoopback: isUnixSocket || isLoopback(remoteAddress),
    descriptor: descriptorOf(socket)
  }
}
