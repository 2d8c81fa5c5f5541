import t from 'tap'
import { provesConditions } from '../support/conditions.ts'
import { provesEditing } from '../support/editing.ts'
import { sections } from '../support/kinds.ts'
import { provesSlugs } from '../support/slugs.ts'

provesEditing(t, sections)
provesConditions(t, sections)
provesSlugs(t, sections)
