import { z } from 'zod'
import { roles } from '../access.ts'
import { Id, Instant, InstantInput, ListQuery, line, listOf } from '../lib/schema.ts'

const at = '2026-11-22T09:30:00.000Z'

export const Role = z.enum(roles).meta({
  description:
    '`reader` reads what is public; `writer` also makes drafts and changes their own; `editor` changes and publishes everything; `admin` also manages keys.',
})

export const Key = z
  .object({
    id: Id,
    name: z.string(),
    role: Role,
    hint: z.string().meta({ description: 'How the secret begins, to tell keys apart.' }),
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
    expiresAt: Instant.nullable(),
    revokedAt: Instant.nullable(),
  })
  .meta({
    id: 'Key',
    description: 'An API key, without its secret.',
    examples: [
      {
        id: '019bd2a4-0000-7000-8000-000000000031',
        name: 'night desk',
        role: 'editor',
        hint: 'warta_4fKq',
        version: 1,
        createdAt: at,
        updatedAt: at,
        expiresAt: null,
        revokedAt: null,
      },
    ],
  })
export type Key = z.infer<typeof Key>

export const KeyWithSecret = Key.extend({
  secret: z
    .string()
    .meta({ description: 'Send it as `Authorization: Bearer …`. It is shown this once and never again.' }),
}).meta({
  id: 'KeyWithSecret',
  examples: [
    {
      id: '019bd2a4-0000-7000-8000-000000000031',
      name: 'night desk',
      role: 'editor',
      hint: 'warta_4fKq',
      version: 1,
      createdAt: at,
      updatedAt: at,
      expiresAt: null,
      revokedAt: null,
      secret: 'warta_… (shown once)',
    },
  ],
})
export type KeyWithSecret = z.infer<typeof KeyWithSecret>

export const KeyCreate = z
  .strictObject({
    name: line(120).meta({ description: 'Who or what holds it: history shows this name.' }),
    role: Role,
    expiresAt: InstantInput.nullable().default(null),
  })
  .meta({ id: 'KeyCreate', examples: [{ name: 'night desk', role: 'editor' }] })
export type KeyInput = z.output<typeof KeyCreate>

/** A week: long enough to bring a new secret to every program that holds the old one. */
const longestOverlap = 604_800

export const KeyRotate = z
  .strictObject({
    overlapSeconds: z
      .int()
      .min(0)
      .max(longestOverlap)
      .default(0)
      .meta({ description: 'How long the secret before this one works on.' }),
  })
  .meta({ id: 'KeyRotate', examples: [{ overlapSeconds: 3_600 }] })
  .default({ overlapSeconds: 0 })

export const KeyList = listOf('KeyList', Key)
export const KeyQuery = ListQuery
export const KeyParams = z.strictObject({
  id: z.string().min(1).max(100).meta({ description: 'Id of the key, not its secret.' }),
})
