/** Every promise about speed and size, measured; each group by itself or all in turn. */
import { beside } from './beside.ts'
import { cores } from './cores.ts'
import { growth } from './growth.ts'
import { imports } from './imports.ts'
import type { Line } from './line.ts'
import type { Mode } from './measure.ts'
import { reads } from './reads.ts'
import { search } from './search/speed.ts'
import { starts } from './starts.ts'
import { writes } from './writes.ts'

/** In the order of the table. */
export const groups: Record<string, (mode: Mode) => Promise<Line[]>> = {
  reads,
  growth,
  beside,
  search,
  writes,
  import: imports,
  start: starts,
  workers: cores,
}
