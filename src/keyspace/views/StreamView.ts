/** A stream, as commands use it. It has one form only, the large one, and stays when it is empty. */
import type { Slice } from "../../values/Slice.ts"
import { Stream } from "../../values/stream/Stream.ts"
import type { Database } from "../Database.ts"
import { ValueType } from "../Value.ts"
import { ValueView } from "./ValueView.ts"

export class StreamView extends ValueView<Stream> {
  protected readonly type = ValueType.Stream
  protected readonly tableClass = Stream

  /** Turns to a new stream without entries under a key that is not there. */
  create(db: Database, key: Slice): void {
    this.createTable(db, key, new Stream())
  }

  /** The stream, to be read. */
  get stream(): Stream {
    return this.table!
  }

  /** The stream, about to be changed. */
  get changed(): Stream {
    return this.changing(this.table!)
  }
}
