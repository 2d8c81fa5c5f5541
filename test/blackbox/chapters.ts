import { batches } from './chapters/batches.ts'
import { conflicts } from './chapters/conflicts.ts'
import { corpus } from './chapters/corpus.ts'
import { doors } from './chapters/doors.ts'
import { history } from './chapters/history.ts'
import { hostile } from './chapters/hostile.ts'
import { keyring } from './chapters/keyring.ts'
import { leases } from './chapters/leases.ts'
import { life } from './chapters/life.ts'
import { limits } from './chapters/limits.ts'
import { lists } from './chapters/lists.ts'
import { measures } from './chapters/measures.ts'
import { moments } from './chapters/moments.ts'
import { pasted } from './chapters/pasted.ts'
import { races } from './chapters/races.ts'
import { search } from './chapters/search.ts'
import { stages } from './chapters/stages.ts'
import { streams } from './chapters/streams.ts'
import { taxonomy } from './chapters/taxonomy.ts'
import type { Desk } from './desk.ts'

/** In their order: each builds on what those before it left. */
export const chapters: Record<string, (desk: Desk) => Promise<void>> = {
  keyring,
  taxonomy,
  life,
  corpus,
  lists,
  search,
  moments,
  limits,
  pasted,
  conflicts,
  leases,
  stages,
  batches,
  history,
  streams,
  measures,
  doors,
  hostile,
  races,
}
