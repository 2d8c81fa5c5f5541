import t from 'tap'
import { provesConditions } from '../support/conditions.ts'
import { provesEditing } from '../support/editing.ts'
import { tags } from '../support/kinds.ts'
import { provesSlugs } from '../support/slugs.ts'

provesEditing(t, tags)
provesConditions(t, tags)
provesSlugs(t, tags)
