import type { Actor } from '../../access.ts'
import { Problem } from '../../errors.ts'
import type { Fault } from '../../lib/faults.ts'
import type { Read } from '../../storage/store.ts'
import { type Renderings, warningsOf } from '../pages.ts'
import { getWorkingCopy } from '../reading.ts'
import { expectFreeExternalId } from '../saving.ts'
import type { Article, Warning } from '../schema.ts'
import { standing, statesFor } from '../workflow.ts'
import { articleOf, openWhole } from '../working.ts'
import { faultsOfPublication, momentOf, startOf } from './releasing.ts'
import type { Validation } from './schema.ts'

/** Where search results and social cards cut a headline (Google's structured data for articles named 110 characters). */
const longestHeadline = 110

/**
 * What still keeps a working copy from being published, every fault with its place; and what a careful editor would look
 * at. Changes nothing. `rendered` is of its pages as they are.
 * @throws Problem article_not_found
 */
export async function validateArticle(
  db: Read,
  name: string,
  { at, zone }: { at?: string | undefined; zone?: string | undefined },
  rendered: Renderings,
  actor: Actor,
): Promise<Validation> {
  const row = await getWorkingCopy(db, name, actor)
  const working = await openWhole(db, row)
  const article = articleOf(db, working, ['body'])
  const { live = null, next = null } = row
  const { state } = standing({ state: row.article.state, live, next }, db.now)
  const faults: Fault[] = []
  const from = statesFor('publish')
  if (!from.includes(state)) {
    faults.push({ pointer: '/state', code: 'wrong_state', message: `is ${state} and must be ${from.join(' or ')}` })
  }
  const moment = (await withFaults(faults, () => momentOf(db, at, zone))) ?? db.now
  faults.push(...faultsOfPublication(db, row, working.parts.pages, startOf(row, moment)))
  const { externalId, articleId } = row.copy
  await withFaults(faults, () => expectFreeExternalId(db, externalId, articleId, 'live'))
  const advice = [
    ...adviceOn(article),
    ...warningsOf(
      article.pages.map(({ body = '' }) => ({ body })),
      rendered,
    ),
  ]
  return { ready: faults.length === 0, faults: faults.map(placed), advice }
}

/** What refuses to answer says why in its faults. */
async function withFaults<Answer>(faults: Fault[], ask: () => Answer | Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    faults.push(...(error.details.errors ?? []))
    return undefined
  }
}

function placed({ pointer = '', code, message, choices }: Fault): Validation['faults'][number] {
  return { pointer, code, message, ...(choices !== undefined && { choices }) }
}

function adviceOn(article: Article): Warning[] {
  const advice: Warning[] = []
  const add = (pointer: string, code: string, message: string): void => {
    advice.push({ pointer, code, message })
  }
  if (article.deck === null) add('/deck', 'no_deck', 'a deck tells readers in a list what the story says')
  if (article.bylines.length === 0) add('/bylines', 'no_byline', 'nobody is named as its author')
  if (article.tags.length === 0) add('/tags', 'no_tag', 'without a tag it is found by its section alone')
  if (article.sources.length === 0) add('/sources', 'no_source', 'it does not say on whose reporting it rests')
  for (const [i, { source, url }] of article.sources.entries()) {
    if (url === null) add(`/sources/${i}/url`, 'no_source_url', `readers cannot look up what ${source.name} said`)
  }
  if (article.image !== null && article.image.alt === null) {
    add('/image/alt', 'no_alt', 'without it the image says nothing to those who cannot see it')
  }
  if (article.title.length > longestHeadline) {
    add(
      '/title',
      'long_title',
      `has ${article.title.length} characters; beyond ${longestHeadline} it is cut in many places`,
    )
  }
  for (const [i, { body = '' }] of article.pages.entries()) {
    if (body.trim() === '') add(`/pages/${i}/body`, 'empty_page', 'is a page without text')
  }
  return advice
}
