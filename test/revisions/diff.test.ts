import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { compareSnapshots } from '../../src/revisions/diff.ts'
import { type PageDiff, RevisionDiff } from '../../src/revisions/schema.ts'
import '../support/chance.ts'

const tags = [{ id: '11', slug: 'russia', name: 'Russia' }]

function pagesOf(...bodies: string[]) {
  return bodies.map((body, i) => ({ number: i + 1, title: null, body }))
}

function comparePages(before: string, after: string): PageDiff[] {
  return compareSnapshots({ pages: pagesOf(before) }, { pages: pagesOf(after) }).pages
}

/** The body before or after, from the lines that were in it. */
function bodyOf(page: PageDiff | undefined, side: 'added' | 'removed'): string | undefined {
  const lines = page?.lines.filter(({ change }) => change === 'same' || change === side)
  return lines?.map(({ text }) => text).join('\n')
}

t.test('of two equal states nothing differs, whatever the order of their members', async (t) => {
  const before = { title: 'A', dateline: { place: 'Jakarta', outlet: null }, tags, pages: pagesOf('One.') }
  const after = { pages: pagesOf('One.'), tags: [...tags], dateline: { outlet: null, place: 'Jakarta' }, title: 'A' }
  t.same(compareSnapshots(before, after), { fields: [], pages: [] })
})

t.test('fields that differ are answered whole, before and after', async (t) => {
  const more = [...tags, { id: '12', slug: 'china', name: 'China' }]
  const before = { title: 'A', deck: 'D', kicker: null, tags, section: { slug: 'asia' }, old: 1, pages: [] }
  const after = { title: 'B', deck: 'D', tags: more, section: null, embargoUntil: null, pages: [] }
  t.same(compareSnapshots(before, after).fields, [
    { field: 'title', before: 'A', after: 'B' },
    { field: 'tags', before: tags, after: more },
    { field: 'section', before: { slug: 'asia' }, after: null },
    { field: 'old', before: 1, after: null },
  ])
})

t.test('of a page that changed every line is answered in its place', async (t) => {
  const before = 'They met.\n\nIn Moscow.\n\nNo questions.'
  const after = 'They met.\n\nIn the Kremlin.\n\nFor an hour.\n\nNo questions.'
  t.same(comparePages(before, after), [
    {
      number: 1,
      change: 'changed',
      lines: [
        { change: 'same', text: 'They met.' },
        { change: 'same', text: '' },
        { change: 'removed', text: 'In Moscow.' },
        { change: 'added', text: 'In the Kremlin.' },
        { change: 'same', text: '' },
        { change: 'added', text: 'For an hour.' },
        { change: 'added', text: '' },
        { change: 'same', text: 'No questions.' },
      ],
    },
  ])
})

t.test('a newline at the end, and the kind of newlines, are differences', async (t) => {
  const ended = comparePages('One.', 'One.\n')[0]?.lines
  t.same(ended, [
    { change: 'same', text: 'One.' },
    { change: 'added', text: '' },
  ])
  const kinds = comparePages('One.\r\nTwo.', 'One.\nTwo.')[0]?.lines
  t.same(kinds, [
    { change: 'removed', text: 'One.\r' },
    { change: 'added', text: 'One.' },
    { change: 'same', text: 'Two.' },
  ])
})

t.test('pages are compared by number, and those alike are left out', async (t) => {
  const page = (number: number, title: string | null, body: string) => ({ number, title, body })
  const before = [page(1, null, 'One.'), page(2, 'Second', 'Two.\nMore.'), page(3, 'Third', 'Three.')]
  const after = [page(2, 'Next', 'Two.\nMore.'), page(1, null, 'One.'), page(4, null, 'Four.')]
  t.same(compareSnapshots({ pages: before }, { pages: after }).pages, [
    {
      number: 2,
      change: 'changed',
      title: { before: 'Second', after: 'Next' },
      lines: [
        { change: 'same', text: 'Two.' },
        { change: 'same', text: 'More.' },
      ],
    },
    {
      number: 3,
      change: 'removed',
      title: { before: 'Third', after: null },
      lines: [{ change: 'removed', text: 'Three.' }],
    },
    { number: 4, change: 'added', lines: [{ change: 'added', text: 'Four.' }] },
  ])
})

t.test('whatever two bodies are, both can be had from their lines', async () => {
  const line = fc.constantFrom('', 'One.', 'Two.', '\r', 'One.\r', '\u2028', '🙂', '__proto__', '  ')
  const body = fc.oneof(
    fc.array(line, { maxLength: 60 }).map((lines) => lines.join('\n')),
    fc.string({ unit: 'binary' }),
  )
  const article = fc.array(body, { maxLength: 4 }).map((bodies) => ({ pages: pagesOf(...bodies) }))
  fc.assert(
    fc.property(article, article, (before, after) => {
      const diff = compareSnapshots(before, after)
      const differ = [0, 1, 2, 3].filter((i) => before.pages[i]?.body !== after.pages[i]?.body)
      const rebuilt = diff.pages.every((page) => {
        const [old, now] = [before.pages[page.number - 1], after.pages[page.number - 1]]
        return bodyOf(page, 'removed') === (old?.body ?? '') && bodyOf(page, 'added') === (now?.body ?? '')
      })
      const numbers = diff.pages.map(({ number }) => number - 1)
      return rebuilt && numbers.join() === differ.join() && RevisionDiff.safeParse(diff).success
    }),
    { numRuns: 200 },
  )
})

t.test('all lines of a long story changed are found, one line of it too', async (t) => {
  const story = Array.from({ length: 500 }, (_, i) => `Line ${i}.`)
  const all = comparePages(story.join('\n'), story.join(' no\n'))
  t.equal(all[0]?.lines.length, 999, 'the last is the same')
  const one = comparePages(story.join('\n'), story.with(250, 'Other.').join('\n'))
  t.equal(one[0]?.lines.filter(({ change }) => change !== 'same').length, 2)
})

t.test('bodies made to be hard to compare are answered soon, and can be had from the lines too', async (t) => {
  const size = 524_288
  // In microseconds: some 50 ms, and room for a slow machine. Unbounded they take from seconds to minutes.
  const longest = 500_000
  const full = (text: (i: number) => string): string => {
    let body = ''
    for (let i = 0; body.length < size; i++) body += text(i)
    return body.slice(0, size)
  }
  // The same on each run, and without a pattern.
  const chaos = (seed: string) => createHash('shake256', { outputLength: size }).update(seed).digest()
  const [left, right] = [chaos('left'), chaos('right')]
  const pairs: Record<string, [string, string]> = {
    newlines: [full(() => '\n'), full((i) => (i % 3 === 0 ? 'a' : '\n'))],
    'two words': [full((i) => `${(left[i] ?? 0) % 2}\n`), full((i) => `${(right[i] ?? 0) % 2}\n`)],
    'lines of a page each': [full((i) => `${left[i]}`.repeat(10)), full((i) => `${right[i]}`.repeat(10))],
    'long lines that differ at their ends': [
      full((i) => `${'x'.repeat(500)}${i}\n`),
      full((i) => `${'x'.repeat(500)}${i}.\n`),
    ],
    'as many lines as are compared': [
      full((i) => `${(left[i] ?? 0) % 9}${'x'.repeat(55)}\n`),
      full((i) => `${(right[i] ?? 0) % 9}${'x'.repeat(55)}\n`),
    ],
    'nearly all alike': [full((i) => `${i % 50 === 0 ? i : ''}${'x'.repeat(55)}\n`), full(() => `${'x'.repeat(55)}\n`)],
  }
  for (const [name, [before, after]] of Object.entries(pairs)) {
    const [page] = comparePages(before, after)
    let least = Number.POSITIVE_INFINITY
    // Neighbours that share its caches make a thread slower for a while; what is unbounded is slow each time.
    for (let tries = 0; tries < 3 && least >= longest; tries += 1) {
      const start = process.threadCpuUsage()
      comparePages(before, after)
      const { user, system } = process.threadCpuUsage(start)
      least = Math.min(least, user + system)
    }
    t.ok(least < longest, `${name}: soon`, { milliseconds: least / 1_000 })
    t.ok(bodyOf(page, 'removed') === before && bodyOf(page, 'added') === after, name)
    t.ok((page?.lines.length ?? 0) <= 20_000, `${name}: the answer has so many lines at most`)
  }
})

t.test('many pages share the bound, and a page with another title alone stays as it is', async (t) => {
  const body = 'a\n'.repeat(10_000)
  const before = Array.from({ length: 50 }, (_, i) => ({ number: i + 1, title: null, body }))
  const after = before.map((page) => (page.number === 1 ? { ...page, title: 'New' } : { ...page, body: `b\n${body}` }))
  const { pages } = compareSnapshots({ pages: before }, { pages: after })
  t.equal(pages.length, 50)
  t.same(pages[0]?.lines, [{ change: 'same', text: body }])
  t.same(pages[1]?.lines, [
    { change: 'removed', text: body },
    { change: 'added', text: `b\n${body}` },
  ])
})
