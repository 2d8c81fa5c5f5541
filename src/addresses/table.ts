import type { Columns } from '../storage/columns.ts'

export type AddressKind = 'article' | 'section' | 'tag' | 'source'

/** Every name a thing answers to: its id, its slug, a section's path, and what it was called before. */
export const addressesTable = (c: Columns) =>
  c.table(
    'addresses',
    {
      kind: c.text('kind').$type<AddressKind>().notNull(),
      address: c.text('address').notNull(),
      targetId: c.text('target_id').notNull(),
      /** From when readers may know it; null for the slug of an article that was never public under it. */
      publicFrom: c.instant('public_from'),
    },
    (t) => [c.primaryKey({ columns: [t.kind, t.address] }), c.index('addresses_of_target').on(t.targetId)],
  )
