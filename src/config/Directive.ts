/**
 * One directive: a named setting of the server, the same one in redis.conf, on the command line, in the environment, in
 * CONFIG GET and SET, and (in camelCase) in `ServerConfig`.
 */
import type { Kind } from "./Kind.ts"

/** The name a directive has in `ServerConfig`: `tcp-keepalive` is `tcpKeepalive`. */
export type CamelCase<Name extends string> = Name extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

/**
 * When a directive may change: by CONFIG SET (`running`), only before the start (`start`; Redis calls it immutable), or
 * only before the start because changing it would give a client power over files (`protected`).
 */
export type ChangeTime = "running" | "start" | "protected"

/** What the table says about a directive, apart from its name. */
export interface DirectiveSpec<A> {
  readonly kind: Kind<A>
  readonly default: A
  /** One line for --help and the README. */
  readonly help: string
  readonly changes: ChangeTime
  /** Whether lines of a file add to those before them, while CONFIG SET starts afresh. */
  readonly additive: boolean
  /** Whether the value is a secret that no message may show. */
  readonly secret: boolean
  /** The name that older versions of Redis have for it; both are understood. */
  readonly alias?: string | undefined
}

/** A directive of the table. */
export interface Directive<A, Name extends string = string> extends DirectiveSpec<A> {
  readonly name: Name
  readonly field: CamelCase<Name>
}

/** A row of the table. Its options: when the directive may change (default `running`), `additive`, `secret` and `alias`. */
export const directive = <A>(
  kind: Kind<A>,
  defaultValue: NoInfer<A>,
  help: string,
  options: Partial<Pick<DirectiveSpec<A>, "changes" | "additive" | "secret" | "alias">> = {}
): DirectiveSpec<A> => ({
  kind,
  default: defaultValue,
  help,
  changes: "running",
  additive: false,
  secret: false,
  ...options
})

/** The field of `ServerConfig` that belongs to a directive. */
export const camelCase = <Name extends string>(name: Name): CamelCase<Name> =>
  name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) as CamelCase<Name>
