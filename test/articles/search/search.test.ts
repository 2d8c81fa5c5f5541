import t, { type Test } from 'tap'
import { everyone, type TestApp, testApp } from '../../support/app.ts'
import { makeDraft, makeSource, makeTag } from '../../support/factories.ts'
import { ask, filler, find, findAny, findWorking, pages, publishAll } from './find.ts'

/** Which queries find which of some stories, in the order of the alphabet. */
async function expectFound(t: Test, app: TestApp, cases: Record<string, string>, more = ''): Promise<void> {
  for (const [q, slugs] of Object.entries(cases)) t.equal(await findAny(app, q, more), slugs, q)
}

t.test('nobody finds what is no more than a draft, but who may read it', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Zqtag' })
  await makeDraft(app, { slug: 'of-an-editor', title: 'Zqcanary', tags: ['zqtag'] })
  await makeDraft(app, { slug: 'of-a-writer', title: 'Zqcanary' }, 'writer')
  for (const as of everyone) {
    t.equal(await find(app, 'zqcanary', '', as), '', `${as} is shown what is public`)
    t.equal(await find(app, 'tag:zqtag', '', as), '')
    t.equal((await ask(app, 'zqcanary', '&count=exact', { as })).body.page.total, 0)
  }
  t.equal(await findWorking(app, 'zqcanary', 'stranger'), '401 key_required')
  t.equal(await findWorking(app, 'zqcanary', 'reader'), '403 forbidden')
  t.equal(await findWorking(app, 'zqcanary', 'writer'), 'of-a-writer', 'writers find their own alone')
  t.equal(await findWorking(app, 'tag:zqtag', 'writer'), '')
  for (const as of ['editor', 'admin'] as const) {
    t.equal(await findAny(app, 'zqcanary', '&stage=working', as), 'of-a-writer of-an-editor')
  }
})

/** Stories whose slugs say where the word "ferry" stands. */
t.test('a title is above a deck, that above a body, and that above the rest', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Ferry' })
  await makeSource(app, { name: 'Ferry' })
  await publishAll(app, {
    tagged: { tags: ['ferry'] },
    sourced: { sources: [{ source: 'ferry' }] },
    signed: { bylines: [{ name: 'Ana Ferry' }] },
    body: { pages: pages(`${filler} The ferry came.`) },
    lead: { pages: pages('The ferry came.') },
    deck: { deck: 'A ferry came' },
    kicker: { kicker: 'Ferry' },
    title: { title: 'A ferry came to the harbour of the island at last' },
  })
  const order = (found: string) => found.replace(/(?: (?:signed|sourced|tagged)){3}$/, ' rest')
  t.equal(order(await find(app, 'ferry')), 'title kicker deck lead body rest')
  t.equal(order(await find(app, 'FERRY')), 'title kicker deck lead body rest')
  t.equal(await find(app, 'ferries'), 'title kicker deck lead body', 'names are not inflected')
  t.equal(await find(app, 'ferry', '&sort=publishedAt'), 'tagged sourced signed body lead deck kicker title')
})

t.test(
  'a byline and the name of a tag or a source are worth the same, and less than any word of the body',
  async (t) => {
    const app = await testApp(t)
    await makeTag(app, { name: 'Night Ferry' })
    await makeSource(app, { name: 'Night Ferry' })
    await publishAll(app, {
      body: { pages: pages(`${filler} The night ferry came.`) },
      'other-form': { pages: pages(`${filler} The ferries of many nights.`) },
      tagged: { tags: ['night-ferry'] },
      signed: { bylines: [{ name: 'Night Ferry' }] },
      sourced: { sources: [{ source: 'night-ferry' }] },
    })
    t.equal(await find(app, 'ferry'), 'body other-form sourced signed tagged')
    t.equal(await find(app, 'night ferry'), 'body other-form sourced signed tagged')
    t.equal(await find(app, '"night ferry"'), 'body sourced signed tagged')
    // Whatever begins so is as it was typed, and the newer comes first.
    t.equal(await find(app, 'nigh', '&prefix=true'), 'other-form body sourced signed tagged')
  },
)

t.test('a word as it was typed is above its other forms in the same place', async (t) => {
  const app = await testApp(t)
  for (const [i, story] of [
    (word: string) => ({ title: `The ${word} of the year` }),
    (word: string) => ({ deck: `The ${word} of the year` }),
    (word: string) => ({ pages: pages(`The ${word} of the year.`) }),
    (word: string) => ({ pages: pages(`${filler} The ${word} of the year.`) }),
  ].entries()) {
    await publishAll(app, { [`plural-${i}`]: story('elections'), [`singular-${i}`]: story('election') })
  }
  const order = (one: string, other: string) =>
    `${one}-0 ${other}-0 ${one}-1 ${other}-1 ${one}-2 ${one}-3 ${other}-2 ${other}-3`
  t.equal(await find(app, 'election'), order('singular', 'plural'))
  t.equal(await find(app, 'elections'), order('plural', 'singular'), 'though they are older')
  t.equal(await find(app, '"elections"'), 'plural-0 plural-1 plural-2 plural-3', 'in quotes there is no other form')
})

t.test('a title that has the words as they were asked for is above one that has them otherwise', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    together: { title: 'Rail strike over for good today' },
    apart: { title: 'Strike over today for good: rail' },
    half: { title: 'Rail over for good today as well', deck: 'Strike' },
  })
  t.equal(await find(app, 'rail strike'), 'together apart half')
  t.equal(await find(app, 'strike rail'), 'apart together half', 'of equals the newer is first')
  t.equal(await find(app, '"rail strike"'), 'together')
})

t.test(
  'a title that was typed word for word is above one that says less, also by the words that need not be there',
  async (t) => {
    const app = await testApp(t)
    await publishAll(app, { typed: { title: 'Gempa di Lombok' }, shorter: { title: 'Lombok Gempa' } })
    t.equal(await find(app, 'gempa di lombok'), 'typed shorter')
    t.equal(await find(app, 'lombok gempa'), 'shorter typed')
  },
)

t.test('a title that says nothing else is above one that says much besides', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    short: { title: 'Rail' },
    long: { title: 'Rail and so many other things that one hardly reads them' },
  })
  t.equal(await find(app, 'rail'), 'short long')
})

t.test('what a body comes back to is above what it says by the way', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    subject: { pages: pages(`${filler} Ferry. ${filler} Ferry. ${filler} Ferry.`) },
    twice: { pages: pages(`${filler} Ferry. ${filler} Ferry.`) },
  })
  t.equal(await find(app, 'ferry'), 'subject twice')
})

t.test('of two that say the same the newer is first, and no age puts a title below a body', async (t) => {
  const app = await testApp(t)
  const ferry = { title: 'A ferry sinks' }
  await publishAll(app, {
    now: { ...ferry, publishedAt: '2026-11-20T00:00:00Z' },
    'years-ago': { ...ferry, publishedAt: '2016-11-20T00:00:00Z' },
    'a-second-before': { ...ferry, publishedAt: '2026-11-19T23:59:59Z' },
    'long-ago': { ...ferry, publishedAt: '1926-11-20T00:00:00Z' },
    'before-christ': { ...ferry, publishedAt: '0001-01-01T00:00:00Z' },
  })
  t.equal(await find(app, 'ferry'), 'now a-second-before years-ago long-ago before-christ')
  await publishAll(app, {
    'title-old': { title: 'Trams at last', publishedAt: '2016-11-20T00:00:00Z' },
    'body-new': { pages: pages(`${filler} Trams.`), publishedAt: '2026-11-20T00:00:00Z' },
    'body-newer': { pages: pages(`${filler} Trams.`) },
  })
  t.equal(await find(app, 'trams'), 'title-old body-newer body-new')
})

t.test('equals come in one order, whatever is asked beside them', async (t) => {
  const app = await testApp(t)
  const stories = Object.fromEntries(
    Array.from({ length: 12 }, (_, i) => [`s${i}`, { publishedAt: '2026-11-20T00:00:00Z' }]),
  )
  await publishAll(app, stories)
  const all = await find(app, 'last')
  t.equal(all.split(' ').length, 12)
  for (const more of ['', '&highlight=true', '&facets=year', '&count=exact', '&limit=100', '&lang=en']) {
    t.equal(await find(app, 'last', more), all, more)
  }
})

t.test('case and accents make no difference, neither in the text nor in the query', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    accents: { title: 'Élysée, Łódź and ŽIŽEK in the Straße of Ærøskøbing' },
    plain: { title: 'Elysee, Lodz and Zizek in the strasse of Aeroskobing' },
    genitive: { title: 'Putin’s guests at O’Neill’s' },
    none: { title: 'Elysium, Lodge and Zizi' },
  })
  for (const q of [
    'élysée',
    'ELYSEE',
    'E\u0301lyse\u0301e',
    'łódź',
    'lodz',
    'žižek zizek',
    'STRASSE',
    'straße',
    'ærøskøbing',
  ]) {
    t.equal(await findAny(app, q), 'accents plain', q)
  }
  await expectFound(t, app, { putin: 'genitive', "PUTIN'S": 'genitive', oneill: 'genitive', "o'neill": 'genitive' })
})

t.test('a word is found in any of its forms, by the language of its text', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    bertemu: { lang: 'id', title: 'Presiden bertemu menteri' },
    pertemuan: { lang: 'id-ID', pages: pages('Pertemuan itu batal.') },
    election: { title: 'One election' },
    elections: { lang: 'en-GB', deck: 'Two elections' },
    election_fr: { slug: 'election-fr', lang: 'fr', title: 'Une élection' },
    elections_fr: { slug: 'elections-fr', lang: 'fr', title: 'Des élections' },
    elections_id: { slug: 'elections-id', lang: 'id', title: 'Kata elections' },
  })
  await expectFound(t, app, {
    pertemuan: 'bertemu pertemuan',
    bertemu: 'bertemu pertemuan',
    temu: 'bertemu pertemuan',
    'title:pertemuan': 'bertemu',
    '"pertemuan"': 'pertemuan',
    election: 'election election-fr elections',
    elections: 'election elections elections-fr elections-id',
    élections: 'election elections elections-fr elections-id',
    'elections -une': 'election elections elections-fr elections-id',
    '-pertemuan bertemu': '',
  })
  t.equal(await find(app, 'elections', '&lang=fr'), 'elections-fr')
})

t.test('a story is found by everything that readers are told of it', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Kereta Api', synonyms: ['Railways of Java'] })
  await makeSource(app, { name: 'Kantor Berita Antara', aliases: ['LKBN'] })
  await publishAll(app, {
    story: {
      ...{ title: 'Onetitle', kicker: 'Twokicker', deck: 'Threedeck', bylines: [{ name: 'Ana Fourbyline' }] },
      pages: [
        { title: 'Fiveheading', body: '**Six**body and [Sevenlink](https://eighturl.test/nine)' },
        { body: 'Tenpage' },
      ],
      ...{ tags: ['kereta-api'], sources: [{ source: 'kantor-berita-antara', mention: 'elevenmention' }] },
      ...{
        seo: { title: 'Twelveseo' },
        image: { url: 'https://x.test/', alt: 'Thirteenalt' },
        externalId: 'Fourteenid',
      },
    },
    other: { title: 'Nothing of it', pages: pages('At all.') },
  })
  const words = 'onetitle twokicker threedeck fourbyline fiveheading sixbody sevenlink tenpage'
  for (const q of words.split(' ')) t.equal(await find(app, q), 'story', q)
  t.equal(await find(app, words), 'story', 'and by all of it at once')
  const names = [
    'kereta',
    'api',
    '"kereta api"',
    'railways',
    '"of java"',
    'antara',
    '"kantor berita"',
    'lkbn',
    'LKBN onetitle',
  ]
  for (const q of names) t.equal(await find(app, q), 'story', q)
  const unread = ['eighturl', 'elevenmention', 'twelveseo', 'thirteenalt', 'fourteenid', 'https', '"api kereta"']
  for (const q of unread) t.equal(await find(app, q), '', q)
})

t.test('to readers there is no confidential source, whatever is asked of it', async (t) => {
  const app = await testApp(t)
  await makeSource(app, { name: 'Zqwhistle', aliases: ['Zqdeep'], visibility: 'editors' })
  await publishAll(app, { story: { title: 'Rail', sources: [{ source: 'zqwhistle' }] }, other: { title: 'Rail' } })
  for (const q of [
    'zqwhistle',
    'source:zqwhistle',
    'zqdeep',
    'source:zqdeep',
    'rail source:zqwhistle',
    'title:rail zqdeep',
  ]) {
    t.equal(await find(app, q), '', q)
    t.equal(await find(app, q, '&prefix=true'), '', q)
    t.equal(await find(app, q, '', 'editor'), '', `${q}: nor for editors among what is public`)
    t.equal(await findWorking(app, q), 'story', q)
  }
  t.equal(await findAny(app, 'rail -zqwhistle'), 'other story')
  t.equal(await findAny(app, 'rail -source:zqdeep'), 'other story')
  t.equal(await findWorking(app, 'rail -source:zqdeep'), 'other')
  const { body } = await ask(app, 'rail', '&facets=source')
  t.strictSame(body.search.facets, { source: [] })
})

t.test('a word is looked for where it was asked to stand', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Ferry' })
  await makeTag(app, { name: 'Ferry boats' })
  await makeSource(app, { name: 'Ferry' })
  await publishAll(app, {
    body: { pages: pages('A ferry came. And a boat.') },
    byline: { bylines: [{ name: 'Ana Ferry' }] },
    deck: { deck: 'A ferry came' },
    kicker: { kicker: 'Ferry' },
    source: { sources: [{ source: 'ferry' }] },
    tag: { tags: ['ferry'] },
    tag2: { tags: ['ferry-boats'] },
    title: { title: 'A ferry came, and a boat' },
  })
  await expectFound(t, app, {
    ferry: 'body byline deck kicker source tag tag2 title',
    'title:ferry': 'title',
    'TITLE:ferries': 'title',
    'deck:ferry': 'deck kicker',
    'body:ferry': 'body',
    'body:ferries': 'body',
    'byline:ferry': 'byline',
    'byline:ferries': '',
    'tag:ferry': 'tag tag2',
    'tag:"ferry boats"': 'tag2',
    'tag:boats': 'tag2',
    'source:ferry': 'source',
    'source:boats': '',
    'tag:ferries': '',
    'title:"ferry came"': 'title',
    'body:"ferry came"': 'body',
    'title:ferry OR body:ferry': 'body title',
    'ferry -title:ferry -tag:ferry': 'body byline deck kicker source',
    'title:boat body:boat': '',
    'kicker:ferry': '',
    'title:nothing': '',
    'tag:ferry source:ferry': '',
  })
})

t.test('all words must be there, any of what OR joins, and nothing of what is excluded', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    both: { title: 'Russia and Ukraine', pages: pages('War.') },
    russia: { title: 'Russia alone', pages: pages('Peace.') },
    ukraine: { title: 'Ukraine alone', pages: pages('War.') },
  })
  await expectFound(t, app, {
    'russia ukraine': 'both',
    'ukraine russia war': 'both',
    'russia OR ukraine': 'both russia ukraine',
    'russia OR ukraine war': 'both ukraine',
    'russia or ukraine': 'both',
    'russia -ukraine': 'russia',
    '-war russia': 'russia',
    'russia - ukraine': 'both',
    'alone -"russia alone"': 'ukraine',
    'russia OR ukraine -war': 'russia',
    'russia OR -ukraine': 'russia',
    'peace OR war -alone': 'both',
    'russia nothing': '',
  })
})

t.test('a phrase stands within one text, and never from the end of one to the next', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    joined: { pages: pages('It is alpha beta. Gamma, delta') },
    pages: { pages: pages('It ends with alpha', 'beta it begins') },
    heading: { pages: [{ title: 'alpha', body: 'beta' }] },
    kicker: { kicker: 'alpha', deck: 'beta' },
    title: { title: 'alpha', deck: 'beta', kicker: 'alpha' },
    deck: { deck: 'alpha', pages: pages('beta') },
    bylines: { bylines: [{ name: 'alpha' }, { name: 'beta' }], pages: pages('alpha') },
  })
  t.equal(await findAny(app, 'alpha beta'), 'bylines deck heading joined kicker pages title')
  await expectFound(t, app, {
    '"alpha beta"': 'joined',
    '"beta alpha"': '',
    'alpha-beta': 'joined',
    '"alpha beta gamma"': 'joined',
    '"alpha gamma"': '',
    '"is alpha"': 'joined',
    'title:"alpha beta"': '',
    '"gamma delta" -"alpha beta"': '',
  })
})

t.test('numbers, dates and names with signs are found as they are written, and in their parts', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    covid: { title: 'COVID-19 comes back' },
    covid19: { title: 'Covid19 comes back' },
    'covid-18': { title: 'COVID-18, year 19' },
    date: { pages: pages('JAKARTA (20/9/2023) – 1.250 people and 3,5 percent.') },
    other: { pages: pages('On 9/20/2023 there were 1 and 250.') },
    languages: { title: 'C++ and C# on .NET' },
    c: { title: 'Vitamin C' },
    us: { title: 'The U.S. and the A.S.' },
    mail: { title: 'Write to editor@example.org' },
    coop: { title: 'A co-op of anak-anak', lang: 'id' },
  })
  await expectFound(t, app, {
    'COVID-19': 'covid covid19',
    'covid‑19': 'covid covid19',
    'covid 19': 'covid covid-18',
    '"covid 19"': 'covid',
    '20/9/2023': 'date',
    '20-9-2023': 'date',
    '2023': 'date other',
    '9/2023': 'date',
    '1.250': 'date',
    '3,5': 'date',
    '250 -1.250': 'other',
    'C++': 'languages',
    'c#': 'languages',
    c: 'c',
    US: 'us',
    'U.S.': 'us',
    'a.s.': 'us',
    'editor@example.org': 'mail',
    'example.org': 'mail',
    'co-op': 'coop',
    coop: '',
    anak: 'coop',
    'anak-anak': 'coop',
  })
})

t.test('COVID19 is COVID-19, however either is written', async (t) => {
  const app = await testApp(t)
  await publishAll(app, { hyphen: { title: 'COVID-19' }, one: { title: 'COVID19' } })
  for (const q of ['COVID-19', 'covid19', 'Covid-19']) t.equal(await findAny(app, q), 'hyphen one', q)
})

t.test('scripts without spaces are found by any part of them', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    tokyo: { lang: 'ja', title: '東京都で地震' },
    kyoto: { lang: 'ja', title: '京都で地震、東京でも' },
    bangkok: { lang: 'th', title: 'แผ่นดินไหวในกรุงเทพ' },
    seoul: { lang: 'ko', title: '서울 지진' },
    moscow: { lang: 'ru', title: 'Землетрясение в Москве' },
    mecca: { lang: 'ar', title: 'زلزال في مكة' },
  })
  await expectFound(t, app, {
    東京: 'kyoto tokyo',
    京都: 'kyoto tokyo',
    東京都: 'tokyo',
    '"京都で"': 'kyoto tokyo',
    '"京都で地震"': 'kyoto tokyo',
    地震: 'kyoto tokyo',
    กรุงเทพ: 'bangkok',
    ไหว: 'bangkok',
    지진: 'seoul',
    москве: 'moscow',
    مكة: 'mecca',
    京東: '',
  })
})

t.test('with prefix the last word stands for all that begin so, and without it for itself', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Kereta Api' })
  await publishAll(app, {
    lombok: { title: 'Gempa di Lombok', lang: 'id' },
    london: { title: 'Gempa di London', lang: 'id' },
    tagged: { title: 'Gempa', tags: ['kereta-api'], lang: 'id' },
    covid: { title: 'COVID-19' },
  })
  const typed = { lom: 'lombok', 'gempa lo': 'lombok london', 'gempa l': '', 'gempa lon': 'london', lombok: 'lombok' }
  await expectFound(t, app, { ...typed, 'lombok ge': 'lombok', 'gem lombok': '', 'lom ': '' }, '&prefix=true')
  await expectFound(t, app, { 'gempa -lo': 'tagged', 'title:lon': 'london', '"gempa di lon"': '' }, '&prefix=true')
  await expectFound(
    t,
    app,
    { keret: 'tagged', 'kereta x': '', 'kereta ap': 'tagged', 'tag:ker': 'tagged' },
    '&prefix=true',
  )
  await expectFound(t, app, { 'covid-': 'covid', covi: 'covid', 'COVID-19': 'covid' }, '&prefix=true')
  await expectFound(t, app, { lom: '', 'gempa lo': '', lombok: 'lombok' })
  await expectFound(t, app, { lom: '', 'gempa lo': '', lombok: 'lombok' }, '&prefix=false')
})

t.test('a word that says nothing need not be there, unless nothing else is asked', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    with: { title: 'The end of the world', pages: pages('Here.') },
    without: { title: 'World’s end', pages: pages('Here.') },
    yang: { title: 'Yang dan di', lang: 'id', pages: pages('Di sini.') },
  })
  await expectFound(t, app, {
    'the end of the world': 'with without',
    'yang world': 'with without',
    '"the end"': 'with',
    'title:the world': 'with',
    'the of': 'with',
    yang: 'yang',
    'world -the': 'without',
  })
})

t.test('a query without a word finds nothing, and one of nothing but exclusions is refused', async (t) => {
  const app = await testApp(t)
  await publishAll(app, { story: {} })
  for (const q of [' ', '"', '""', '-', '…', '*', '()', 'OR', '👍', '\t', '--']) {
    const { status, body } = await ask(app, q, '&count=exact&facets=lang&highlight=true&prefix=true')
    t.match(
      { status, body },
      {
        status: 200,
        body: {
          data: [],
          page: { next: null, prev: null, total: 0 },
          search: { complete: true, didYouMean: null, facets: { lang: [] } },
        },
      },
      JSON.stringify(q),
    )
  }
  for (const q of ['-x', '-x -"y z"', '-title:x', '-the', ' -x ']) {
    const { status, body } = await ask(app, q)
    t.match(
      { status, body },
      { status: 400, body: { code: 'invalid_request', errors: [{ parameter: 'q', code: 'only_excludes' }] } },
    )
    t.equal(body.errors.length, 1)
  }
})

t.test('a query has 256 characters and 32 words at most, and the refusal says how many it has', async (t) => {
  const app = await testApp(t)
  await publishAll(app, { story: { title: 'Word word', pages: pages('x '.repeat(300)) } })
  const words = (n: number) => 'x '.repeat(n).trim()
  t.equal(await find(app, words(32)), 'story')
  t.equal(await find(app, `${words(31)} ${'x'.repeat(193)}`), '')
  const errorsOf = async (q: string) => {
    const { status, body } = await ask(app, q)
    return [
      status,
      ...body.errors.map(({ parameter, code }: { parameter: string; code: string }) => `${parameter} ${code}`),
    ]
  }
  t.strictSame(await errorsOf(words(33)), [400, 'q too_many_words'])
  t.strictSame(await errorsOf(`"${words(20)}" ${'a-'.repeat(13)}`), [400, 'q too_many_words'])
  t.match((await ask(app, words(33))).body.errors[0].message, /\b32 words\b.*\b33\b/)
  t.equal((await ask(app, 'y'.repeat(256))).status, 200)
  for (const q of ['y'.repeat(257), ' '.repeat(257), words(200)]) {
    const [status, error] = await errorsOf(q)
    t.equal(status, 400)
    t.match(error, /^q /)
  }
  t.match((await app.call('GET', '/v1/articles?q=')).body, { errors: [{ parameter: 'q' }] }, 'and one at least')
  t.equal((await app.call('GET', '/v1/articles?q=a&q=b')).status, 400)
})

t.test('a character of a query is a code point, as it is of a name', async (t) => {
  const app = await testApp(t)
  const name = '𐐨'.repeat(256)
  const { status, body } = await ask(app, name)
  const said = (await app.call('POST', '/v1/tags', { as: 'editor', body: { name: '𐐨'.repeat(120) } })).status
  t.equal(status, said === 201 ? 200 : 400, JSON.stringify(body).slice(0, 200))
})

t.test('what is of use beside a query alone is refused without one', async (t) => {
  const app = await testApp(t)
  for (const [parameter, value] of [
    ['prefix', 'true'],
    ['prefix', 'false'],
    ['highlight', 'true'],
    ['highlight', 'offsets'],
    ['facets', 'tag'],
    ['sort', 'relevance'],
  ]) {
    const { status, body } = await app.call('GET', `/v1/articles?${parameter}=${value}`)
    t.match(
      { status, body },
      { status: 400, body: { code: 'invalid_request', errors: [{ parameter, code: 'needs_q' }] } },
    )
  }
  const { body } = await app.call('GET', '/v1/articles?facets=tag&highlight=true&prefix=true&sort=relevance')
  t.strictSame(body.errors.map(({ parameter }: { parameter: string }) => parameter).sort(), [
    'facets',
    'highlight',
    'prefix',
    'sort',
  ])
  for (const wrong of ['facets=colour', 'facets=', 'highlight=yes', 'prefix=1', 'sort=best', 'sort=-relevance']) {
    t.equal((await app.call('GET', `/v1/articles?q=x&${wrong}`)).status, 400, wrong)
  }
})

t.test('a search comes by its rank, unless another order is asked for', async (t) => {
  const app = await testApp(t)
  await publishAll(app, {
    b: { title: 'Ferry two', pages: pages('x') },
    a: { title: 'Another', pages: pages('The ferry.') },
    c: { title: 'Ferry one, and much more of it', pages: pages('x') },
  })
  const orders = {
    relevance: 'b c a',
    '-publishedAt': 'c a b',
    publishedAt: 'b a c',
    title: 'a c b',
    '-title': 'b c a',
    updatedAt: 'b a c',
  }
  t.equal(await find(app, 'ferry'), 'b c a')
  for (const [sort, slugs] of Object.entries(orders)) t.equal(await find(app, 'ferry', `&sort=${sort}`), slugs, sort)
  const { headers } = await ask(app, 'ferry', '&limit=1')
  t.match(headers.link, /q=ferry/)
  t.match(headers.link, /rel="next"/)
})

t.test('the articles of a source are searched like all others', async (t) => {
  const app = await testApp(t)
  await makeSource(app, { name: 'Antara' })
  await makeSource(app, { name: 'Secret', visibility: 'editors' })
  await publishAll(app, {
    one: { title: 'Ferry', sources: [{ source: 'antara' }] },
    two: { pages: pages('Ferry'), sources: [{ source: 'antara', role: 'origin' }, { source: 'secret' }] },
    three: { title: 'Ferry' },
  })
  const url = '/v1/sources/antara/articles?fields=slug'
  const slugs = async (more: string) =>
    (await app.call('GET', url + more)).body.data.map(({ slug }: { slug: string }) => slug)
  t.strictSame(await slugs('&q=ferry'), ['one', 'two'])
  t.strictSame(await slugs('&q=ferry&sourceRole=origin'), ['two'])
  t.strictSame(await slugs('&q=nothing'), [])
  t.equal((await app.call('GET', `${url}&facets=tag`)).status, 400)
  t.equal((await app.call('GET', '/v1/sources/secret/articles?q=ferry')).status, 404)
})

t.test('filters keep to what is asked of them, however much else an article says', async (t) => {
  const app = await testApp(t)
  for (const name of ['Rail', 'Sea']) await makeTag(app, { name })
  await publishAll(app, {
    much: { pages: pages('rail '.repeat(300)), bylines: [{ name: 'Ana Rail' }], tags: ['rail'], genre: 'analysis' },
    long: {
      pages: pages(`rail ${'x '.repeat(12_000)}`),
      bylines: [{ name: 'Ána Rail' }],
      lang: 'en-GB',
      tags: ['sea'],
    },
    other: { title: 'Rail', bylines: [{ name: 'Ana Rail Jr.' }, { name: 'Rail' }] },
  })
  await expectFound(t, app, { rail: 'much' }, '&byline=ana+rail')
  await expectFound(t, app, { rail: 'long' }, '&byline=%C3%A1NA+rail')
  await expectFound(t, app, { rail: 'other' }, '&byline=Rail')
  await expectFound(t, app, { rail: '' }, '&byline=Ana')
  await expectFound(t, app, { rail: 'much' }, '&genre=analysis,opinion')
  await expectFound(t, app, { rail: 'long' }, '&lang=EN-gb')
  await expectFound(t, app, { rail: 'much other' }, '&lang=en')
  await expectFound(t, app, { rail: 'long much' }, '&tag=rail,sea')
  await expectFound(t, app, { rail: '' }, '&tagAll=rail,sea')
  await expectFound(t, app, { rail: 'other' }, '&tagNone=rail,sea')
  await expectFound(t, app, { rail: 'long much other' }, '&section=world')
})
