import { z } from 'zod'
import { Id, Instant, InstantInput, ListQuery, listOf, Name } from '../../lib/schema.ts'
import { SectionRef } from '../../sections/schema.ts'
import { exampleCard } from '../examples.ts'

/** `publish`: it appears; `replace`: a new version takes the place of what the public sees; `expire`: it ends. */
export const events = ['publish', 'replace', 'expire'] as const

export const ScheduleEvent = z
  .object({
    at: Instant,
    event: z.enum(events).meta({
      description:
        '`publish`: it appears; `replace`: a new version takes the place of what the public sees; `expire`: it ends.',
    }),
    article: z.object({ id: Id, slug: z.string(), title: z.string(), section: SectionRef.nullable() }),
    version: z.int().meta({ description: 'Which version of the working copy it is.' }),
  })
  .meta({
    id: 'ScheduleEvent',
    description: 'What the clock will do to an article, with its title and section at that moment.',
    examples: [
      {
        at: '2029-12-31T23:00:00.000Z',
        event: 'publish',
        article: {
          id: exampleCard.id,
          slug: exampleCard.slug,
          title: exampleCard.title,
          section: exampleCard.section,
        },
        version: 4,
      },
    ],
  })
export type ScheduleEvent = z.infer<typeof ScheduleEvent>

export const Schedule = listOf('Schedule', ScheduleEvent)

export const ScheduleQuery = ListQuery.extend({
  from: InstantInput.optional().meta({ description: 'At this instant or later; from now on, when absent.' }),
  until: InstantInput.optional().meta({ description: 'Before this instant.' }),
  event: z.array(z.enum(events)).min(1).max(events.length).optional().meta({ description: 'Any of these.' }),
  section: z.array(Name).min(1).max(50).optional().meta({ description: 'In any of these sections: ids or slugs.' }),
  subsections: z.boolean().default(true).meta({ description: 'Whether `section` includes the sections below.' }),
})
export type ScheduleQuery = z.output<typeof ScheduleQuery>
