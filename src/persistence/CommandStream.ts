/**
 * Commands of several databases as one stream, with the SELECTs that it takes to tell them apart.
 *
 * Invariant: replayed from its beginning on a fresh connection, every command meets the database that it ran against.
 */
import { AppendBuffer } from "./AppendBuffer.ts"

/** The SELECT for each database that was met so far. */
const selects: Array<Uint8Array> = []

const select = (db: number): Uint8Array => {
  const index = String(db)
  selects[db] ??= Buffer.from(`*2\r\n$6\r\nSELECT\r\n$${index.length}\r\n${index}\r\n`, "latin1")
  return selects[db]
}

export class CommandStream {
  /** What was appended and not yet taken. */
  front = new AppendBuffer()
  private selected: number | undefined

  /** Copies the bytes of whole commands that ran against database `db`. */
  append(db: number, bytes: Uint8Array, start: number, length: number): void {
    if (db !== this.selected) {
      const command = select(db)
      this.front.append(command, 0, command.length)
      this.selected = db
    }
    this.front.append(bytes, start, length)
  }

  /** Gives away what there is, for a buffer that is empty. */
  take(empty: AppendBuffer): AppendBuffer {
    const full = this.front
    this.front = empty
    return full
  }

  /** Begins anew: what was not taken is forgotten, and no database is selected. */
  restart(): void {
    this.front.clear()
    this.selected = undefined
  }
}
