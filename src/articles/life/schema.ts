import { z } from 'zod'
import { Warning } from '../schema.ts'

/** What the transitions take. */

const note = z
  .string()
  .trim()
  .min(1, { message: 'must not be empty' })
  .max(1_000)
  .meta({ description: 'For the history.' })

/** Without a body, or with a note. */
export const SubmitRequest = z
  .strictObject({ note: note.optional() })
  .meta({ id: 'SubmitRequest', examples: [{ note: 'The figures are checked.' }] })
  .default({})

export const ReturnRequest = z
  .strictObject({ note: note.meta({ description: 'Why, for whoever wrote it.' }) })
  .meta({ id: 'ReturnRequest', examples: [{ note: 'Who says so? Name the source.' }] })

export const PublishRequest = z
  .strictObject({
    at: z
      .string()
      .max(40)
      .optional()
      .meta({
        description:
          'When: RFC 3339 with `Z` or an offset; or the time on the clock of `zone`, such as `2030-01-01T06:00`. At once, when absent.',
        examples: ['2030-01-01T06:00:00+07:00'],
      }),
    zone: z
      .string()
      .max(60)
      .optional()
      .meta({ description: 'IANA time zone in which `at` is meant.', examples: ['Asia/Jakarta'] }),
    note: note.optional(),
  })
  .meta({ id: 'PublishRequest', examples: [{ at: '2030-01-01T06:00', zone: 'Asia/Jakarta' }] })
  .default({})

/** As long as a paragraph; readers read it. */
const publicText = z.string().trim().max(2_000)

export const CorrectRequest = z
  .strictObject({
    text: publicText.default('').meta({ description: 'What was wrong, for readers. Required.' }),
  })
  .meta({ id: 'CorrectRequest', examples: [{ text: 'The meeting was on Tuesday, not on Monday.' }] })
  .default({ text: '' })

export const WithdrawRequest = z
  .strictObject({
    reason: publicText.min(1, { message: 'must say why, for readers' }).meta({ description: 'For readers.' }),
    replacement: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ description: 'Id or slug of the article that stands in for it.' }),
  })
  .meta({
    id: 'WithdrawRequest',
    examples: [{ reason: 'The letter it rests on is a forgery.', replacement: 'forged-letter-fooled-three-agencies' }],
  })

export const NoteQuery = z.strictObject({
  note: note.optional().meta({ description: 'For the history: such a save is never folded into another.' }),
})

const Finding = Warning.extend({
  choices: z.array(z.string()).optional().meta({ description: 'One of these would be right.' }),
})

export const ValidateRequest = PublishRequest.unwrap()
  .omit({ note: true })
  .meta({ id: 'ValidateRequest', examples: [{ at: '2030-01-01T06:00:00+07:00' }] })
  .default({})

export const Validation = z
  .object({
    ready: z.boolean().meta({ description: 'Whether it could be published so.' }),
    faults: z.array(Finding).meta({ description: 'What keeps it from being published.' }),
    advice: z.array(Warning).meta({ description: 'What a careful editor would look at.' }),
  })
  .meta({
    id: 'Validation',
    examples: [
      {
        ready: false,
        faults: [
          {
            pointer: '/section',
            code: 'required',
            message: 'is required to publish: give the id or slug of a section',
          },
        ],
        advice: [{ pointer: '/deck', code: 'no_deck', message: 'a deck tells readers in a list what the story says' }],
      },
    ],
  })
export type Validation = z.infer<typeof Validation>
