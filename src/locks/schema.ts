import { z } from 'zod'
import { Id, Instant } from '../lib/schema.ts'

const holder = { id: '019bd2a4-0000-7000-8000-000000000031', name: 'night desk' }

export const Lock = z
  .object({
    holder: z.object({ id: Id, name: z.string() }).meta({ description: 'The key that took it.' }),
    since: Instant.meta({ description: 'Renewing it does not change this.' }),
    until: Instant.meta({ description: 'From this instant on there is none, unless it is renewed.' }),
  })
  .meta({
    id: 'Lock',
    description: 'Who works on an article, so that others keep their hands off meanwhile.',
    examples: [{ holder, since: '2026-11-22T09:30:00.000Z', until: '2026-11-22T09:35:00.000Z' }],
  })
export type Lock = z.infer<typeof Lock>

/** Less, and it would end between two requests of an editor that renews it. */
const shortest = 10
/** An hour: who went home without letting go is in nobody's way the next morning. */
const longest = 3_600
/** Five minutes: an editor that renews it each minute may miss a few, and a closed browser soon lets go. */
const usual = 300

const takeOver = z
  .boolean()
  .default(false)
  .meta({ description: 'Also when another key holds it. Ask them first: they then cannot save what they have open.' })

export const LockTake = z
  .strictObject({
    seconds: z.int().min(shortest).max(longest).default(usual).meta({ description: 'For how long, from now on.' }),
    takeOver,
  })
  .meta({ id: 'LockTake', examples: [{ seconds: 600 }] })
  .default({ seconds: usual, takeOver: false })
export type LockTake = z.output<typeof LockTake>

export const LockDeleteQuery = z.strictObject({ takeOver })
