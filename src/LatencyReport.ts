/**
 * What people read of the latency monitor: LATENCY GRAPH and LATENCY DOCTOR.
 * https://redis.io/docs/latest/operate/oss_and_stack/management/optimization/latency-monitor/
 */
import type { ServerConfig } from "./config/ServerConfig.ts"
import type { LatencyEvent } from "./LatencyMonitor.ts"
import { sparkline } from "./values/sparkline.ts"

/** Characters in a line of a graph. */
const WIDTH = 80

/** How long ago something was, in the largest unit that fits: `12s`, `3m`, `5h`, `2d`. */
function ago(seconds: number): string {
  if (seconds < 60) return `${seconds}s`
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  return seconds < 86_400 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
}

/** An event's spikes as a graph; `now` in seconds since 1970. */
export function latencyGraph(name: string, { max, samples }: LatencyEvent, now: number): string {
  const latencies = samples.map(({ latency }) => latency)
  const heading = `${name} - high ${Math.max(...latencies)} ms, low ${Math.min(...latencies)} ms (all time high ${max} ms)`
  const points = samples.map(({ latency, time }) => ({ value: latency, label: ago(now - time) }))
  return `${heading}\n${"-".repeat(WIDTH)}\n${sparkline(points, WIDTH)}`
}

/** What is wrong in general, in a line for each event. */
function diagnosis(name: string, { max, samples }: LatencyEvent): string {
  const mean = (numbers: ReadonlyArray<number>) => numbers.reduce((a, b) => a + b, 0) / numbers.length
  const average = mean(samples.map(({ latency }) => latency))
  const deviation = mean(samples.map(({ latency }) => Math.abs(latency - average)))
  const period = (samples.at(-1)!.time - samples[0]!.time) / samples.length
  return (
    `${name}: ${samples.length} latency spikes (average ${Math.round(average)}ms, mean deviation ${Math.round(deviation)}ms, ` +
    `period ${period.toFixed(2)} sec). Worst all time event ${max}ms.`
  )
}

/** What may help, by event; `logsTooLittle`: the slow log's threshold is above the monitor's. */
const advice: Readonly<Record<string, (threshold: number, logsTooLittle: boolean) => ReadonlyArray<string>>> = {
  command: (threshold, logsTooLittle) => [
    ...(logsTooLittle
      ? [
          `The slow log leaves out commands that were recorded here: CONFIG SET slowlog-log-slower-than ${threshold * 1000} shows them.`
        ]
      : []),
    "SLOWLOG GET tells which commands took so long, and who sent them.",
    "Commands on whole collections, KEYS and large values take long by their nature: SCAN and smaller values let others in between."
  ],
  "fast-command": () => [
    "Commands that are always quick took long, so the process itself was held up: look for other load on the machine, for swapping, " +
      "and for JavaScript that shares the process with the server.",
    "A garbage collection of a large heap holds up everything: see MEMORY STATS."
  ]
}

/** The whole report. */
export function latencyDoctor(events: ReadonlyMap<string, LatencyEvent>, config: ServerConfig): string {
  const { latencyMonitorThreshold: threshold, slowlogLogSlowerThan } = config
  if (threshold === 0 && events.size === 0) {
    return "The latency monitor is off. CONFIG SET latency-monitor-threshold <milliseconds> turns it on, and I can tell more once it has seen something.\n"
  }
  if (events.size === 0) return "No latency spike was recorded: nothing to worry about.\n"
  const logsTooLittle = slowlogLogSlowerThan < 0 || slowlogLogSlowerThan / 1000 > threshold
  const findings = Array.from(events, ([name, event], i) => `${i + 1}. ${diagnosis(name, event)}`)
  const advices = Array.from(events.keys(), (name) => advice[name]?.(threshold, logsTooLittle) ?? []).flat()
  return [
    "Latency spikes were recorded:",
    "",
    ...findings,
    "",
    "What may help:",
    "",
    ...advices.map((text) => `- ${text}`),
    ""
  ].join("\n")
}
