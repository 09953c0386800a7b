/**
 * Small graphs in ASCII, as LATENCY GRAPH draws them: one column for each number, four rows, the ground filled.
 */

const ROWS = 4
/** A column's top, a third of a row higher each; what is below it is filled. */
const TOPS = "_o#"
const GROUND = "|"
const STEPS = ROWS * TOPS.length

/** A number and what stands below its column, from top to bottom. */
export interface Point {
  readonly value: number
  readonly label: string
}

/** What a column that is `step` steps high shows in a row, 0 the lowest. */
function cell(step: number, row: number): string {
  const above = step - row * TOPS.length
  return above < 0 ? " " : (TOPS[above] ?? GROUND)
}

const lineOf = (points: ReadonlyArray<Point>, character: (point: Point) => string): string =>
  `${points.map(character).join("")}\n`

function block(points: ReadonlyArray<Point>, low: number, high: number): string {
  const range = Math.max(high - low, 1)
  const stepOf = ({ value }: Point) => Math.min(STEPS - 1, Math.floor(((value - low) / range) * STEPS))
  let text = ""
  for (let row = ROWS - 1; row >= 0; row--) text += lineOf(points, (point) => cell(stepOf(point), row))
  text += lineOf(points, () => " ")
  const labelRows = Math.max(...points.map(({ label }) => label.length))
  for (let row = 0; row < labelRows; row++) text += lineOf(points, ({ label }) => label[row] ?? " ")
  return text
}

/** The graph of the points from left to right, in as many blocks as it needs to be at most `columns` wide. */
export function sparkline(points: ReadonlyArray<Point>, columns: number): string {
  const values = points.map(({ value }) => value)
  const low = Math.min(...values)
  const high = Math.max(...values)
  const blocks: Array<string> = []
  for (let at = 0; at < points.length; at += columns) blocks.push(block(points.slice(at, at + columns), low, high))
  return blocks.join("\n")
}
