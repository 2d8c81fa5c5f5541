import t from 'tap'
import { provesConditions } from '../support/conditions.ts'
import { provesEditing } from '../support/editing.ts'
import { sources } from '../support/kinds.ts'
import { provesSlugs } from '../support/slugs.ts'

provesEditing(t, sources)
provesConditions(t, sources)
provesSlugs(t, sources)
