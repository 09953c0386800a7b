/** Values of every type that redis-server up to 7.2 has written, by what stands in the file for them. */
import { RdbType } from "../rdbFormat.ts"
import { readHash, readHashListpack, readHashZiplist, readHashZipmap } from "./hashValues.ts"
import { readList, readListZiplist, readQuickList, readQuickList2 } from "./listValues.ts"
import { readIntset, readSet, readSetListpack } from "./setValues.ts"
import { readSortedSet, readSortedSetListpack, readSortedSetText, readSortedSetZiplist } from "./sortedSetValues.ts"
import { readStream, readStream2, readStream3 } from "./streamValues.ts"
import { readString } from "./stringValues.ts"
import type { ReadValue } from "./ValueReading.ts"

export const valueReaders: Readonly<Record<number, ReadValue>> = {
  [RdbType.String]: readString,
  [RdbType.List]: readList,
  [RdbType.ListZiplist]: readListZiplist,
  [RdbType.ListQuickList]: readQuickList,
  [RdbType.ListQuickList2]: readQuickList2,
  [RdbType.Set]: readSet,
  [RdbType.SetIntset]: readIntset,
  [RdbType.SetListpack]: readSetListpack,
  [RdbType.SortedSetText]: readSortedSetText,
  [RdbType.SortedSet]: readSortedSet,
  [RdbType.SortedSetZiplist]: readSortedSetZiplist,
  [RdbType.SortedSetListpack]: readSortedSetListpack,
  [RdbType.Hash]: readHash,
  [RdbType.HashZipmap]: readHashZipmap,
  [RdbType.HashZiplist]: readHashZiplist,
  [RdbType.HashListpack]: readHashListpack,
  [RdbType.StreamListpacks]: readStream,
  [RdbType.StreamListpacks2]: readStream2,
  [RdbType.StreamListpacks3]: readStream3
}
