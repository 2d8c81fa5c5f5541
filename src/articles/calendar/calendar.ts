import { type Actor, ownOnly } from '../../access.ts'
import type { Paged, Window } from '../../storage/keyset.ts'
import type { Read } from '../../storage/store.ts'
import type { ScheduleEvent, ScheduleQuery } from './schema.ts'
import { listEvents } from './store.ts'

/** What the clock will do to articles, the soonest first; writers see their own. */
export function getSchedule(
  db: Read,
  { from, until, event, section, subsections }: ScheduleQuery,
  window: Window,
  actor: Actor,
): Promise<Paged<ScheduleEvent>> {
  const owner = ownOnly(actor) ? actor.id : undefined
  return listEvents(db, { from, until, event, section, subsections, owner }, window)
}
