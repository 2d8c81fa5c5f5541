import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parseCopy } from '../../src/copy/parse.ts'
import { findLostLine } from './conservation.ts'
import { sources } from './sources.ts'

const folder = join(import.meta.dirname, '../fixtures/copy')

/** What a story must come out as; a part that is left out must be empty. */
interface Story {
  file: string
  name: string
  title: string | null
  deck?: string
  dateline?: [outlet: string | null, place: string | null, text: string]
  pages: [title: string | null, paragraphs: number, opening: string][]
  sources?: [source: string, role: string, statedOn: string | null, mention: string][]
  bylines?: string[]
  dropped?: string[]
  unresolved?: [line: number, name: string, statedOn: string | null][]
  warnings?: string[]
  unsure?: string[]
  lang: string | null
}

const stories: Story[] = [
  {
    file: 'sukses-two-pages',
    name: "a page's own first word is dropped, and the story comes out whole with its second page",
    title: 'Wang Yi Temui Putin di Moskow',
    deck: 'Menteri Luar Negeri China dan Presiden Rusia membahas kunjungan ke Beijing bulan depan.',
    dateline: ['Liputan6.com', 'Moskow', 'Liputan6.com, Moskow'],
    pages: [
      [null, 4, 'Menteri Luar Negeri China Wa'],
      ['China dan Rusia Makin Mesra', 2, 'Sepanjang tahun ini perdagan'],
    ],
    sources: [
      ['liputan6', 'origin', null, 'Liputan6.com, Moskow'],
      ['cna', 'cited', '2023-09-20', 'Dilansir CNA, Rabu (20/9/2023)'],
    ],
    dropped: ['1 interface_word', '8 page_marker'],
    lang: 'id',
  },
  {
    file: 'sukses-below-deck',
    name: 'the word is dropped between deck and dateline and stays in the body, and page 1 may be announced too',
    title: 'Pasar Terapung Ramai Lagi',
    deck: 'Pedagang kembali berjualan sejak subuh. Pengunjung datang dari tiga kota.',
    dateline: ['Liputan6.com', 'Banjarmasin', 'Liputan6.com, Banjarmasin'],
    pages: [
      [null, 1, 'Pasar terapung di tepi sunga'],
      ['Harga Jeruk Turun', 3, 'Harga jeruk turun karena pan'],
    ],
    sources: [['liputan6', 'origin', null, 'Liputan6.com, Banjarmasin']],
    dropped: ['1 page_marker', '6 interface_word', '11 navigation', '13 page_marker'],
    lang: 'id',
  },
  {
    file: 'sukses-is-the-headline',
    name: 'where no other headline follows, the word is the headline',
    title: 'Sukses',
    pages: [[null, 2, 'Panitia menutup pesta panen ']],
    unsure: ['1 title'],
    lang: 'id',
  },
  {
    file: 'tempo-outlet-place',
    name: 'an outlet before the place is a dateline, and a date without a year is the nearest one',
    title: 'Kereta Malam ke Solo Ditambah',
    dateline: ['TEMPO.CO', 'Jakarta', 'TEMPO.CO, Jakarta'],
    pages: [[null, 2, 'Perusahaan kereta menambah d']],
    sources: [['antara', 'cited', '2023-09-18', 'dikutip dari Antara, Senin (18/9)']],
    lang: 'id',
  },
  {
    file: 'republika-double-hyphen',
    name: 'two hyphens are a dash, and a related link leaves the body',
    title: 'Masjid Agung Dipugar',
    dateline: ['REPUBLIKA.CO.ID', 'BANDUNG', 'REPUBLIKA.CO.ID, BANDUNG'],
    pages: [[null, 3, 'Masjid agung di pusat kota d']],
    dropped: ['5 related_link'],
    lang: 'id',
  },
  {
    file: 'kompas-place-outlet',
    name: 'an outlet behind the place is a dateline, and two credits may share a line',
    title: 'Jembatan Gantung Dibuka',
    dateline: ['KOMPAS.com', 'BOJONEGORO', 'BOJONEGORO, KOMPAS.com'],
    pages: [[null, 2, 'Jembatan gantung di Desa Sum']],
    sources: [['kompas', 'origin', null, 'BOJONEGORO, KOMPAS.com']],
    bylines: ['author Ratna Dewi', 'editor Bagus Wirawan'],
    dropped: ['4 byline'],
    lang: 'id',
  },
  {
    file: 'cnn-place-outlet',
    name: 'an agency without a domain is known, and embeds, hints and a related headline leave the body',
    title: 'Kurs Rupiah Menguat Tipis',
    dateline: ['CNN Indonesia', 'Jakarta', 'Jakarta, CNN Indonesia'],
    pages: [[null, 3, 'Rupiah menguat tipis pada pe']],
    bylines: ['author rkm', 'editor sfr'],
    dropped: ['3 related_link', '4 related_headline', '6 embed_mark', '7 scroll_hint', '9 initials'],
    unsure: ['4 related_headline'],
    lang: 'id',
  },
  {
    file: 'antara-agency',
    name: 'an agency in parentheses is a dateline, and its credits become bylines',
    title: 'Panen Garam Dimulai Lebih Awal',
    dateline: ['ANTARA', 'Jakarta', 'Jakarta (ANTARA)'],
    pages: [[null, 2, 'Petani garam memulai panen l']],
    sources: [['antara', 'origin', null, 'Jakarta (ANTARA)']],
    bylines: ['author Sari Utami', 'editor Joko Purnomo'],
    dropped: ['4 byline', '5 byline', '6 copyright_note'],
    lang: 'id',
  },
  {
    file: 'antara-one-credit-line',
    name: 'three credits run together are told apart',
    title: 'Pelabuhan Baru Beroperasi',
    dateline: ['ANTARA', 'Kupang', 'Kupang (ANTARA)'],
    pages: [[null, 2, 'Pelabuhan baru di Kupang ber']],
    sources: [['antara', 'origin', null, 'Kupang (ANTARA)']],
    bylines: ['author Sari Utami', 'editor Joko Purnomo'],
    dropped: ['7 byline'],
    lang: 'id',
  },
  {
    file: 'reuters-agency-date',
    name: 'a date inside a dateline is no part of the place, and English credits are read with their roles',
    title: 'Grain ships leave the Black Sea port again',
    dateline: ['Reuters', 'ODESA', 'ODESA, Sept 19 (Reuters)'],
    pages: [[null, 2, 'Two grain ships left the por']],
    sources: [['reuters', 'origin', null, 'ODESA, Sept 19 (Reuters)']],
    bylines: ['author Jane Doe', 'author Ivan Petrov', 'contributor Li Na', 'editor Sam Hill'],
    dropped: ['3 byline', '9 byline'],
    lang: 'en',
  },
  {
    file: 'ap-state',
    name: 'a state belongs to the place, and an origin may be cited too',
    title: 'Library reopens after the flood',
    dateline: ['AP', 'KANSAS CITY, Mo.', 'KANSAS CITY, Mo. (AP)'],
    pages: [[null, 3, 'The city library opened its ']],
    sources: [
      ['ap', 'origin', null, 'KANSAS CITY, Mo. (AP)'],
      ['ap', 'cited', null, 'according to the Associated Press'],
    ],
    lang: 'en',
  },
  {
    file: 'ap-no-agency',
    name: 'a city in capitals with its state is a dateline of its own',
    title: 'Steel mill to close',
    dateline: [null, 'YOUNGSTOWN, Ohio', 'YOUNGSTOWN, Ohio'],
    pages: [[null, 2, 'The last steel mill in the v']],
    unsure: ['2 dateline_place'],
    lang: 'en',
  },
  {
    file: 'globe-newswire',
    name: 'a province and a full date may precede the agency',
    title: 'Tidal Energy Firm Opens Office',
    dateline: ['GLOBE NEWSWIRE', 'HALIFAX, Nova Scotia', 'HALIFAX, Nova Scotia, March 05, 2023 (GLOBE NEWSWIRE)'],
    pages: [[null, 2, 'A tidal energy firm opened a']],
    lang: 'en',
  },
  {
    file: 'two-cities',
    name: 'two cities may share a dateline',
    title: 'Stocks drift lower',
    dateline: ['Reuters', 'NEW YORK/LONDON', 'NEW YORK/LONDON (Reuters)'],
    pages: [[null, 2, 'Stocks drifted lower on both']],
    sources: [['reuters', 'origin', null, 'NEW YORK/LONDON (Reuters)']],
    lang: 'en',
  },
  {
    file: 'viva-outlet-alone',
    name: 'a known outlet alone is a dateline without a place',
    title: 'Pebalap Muda Naik Podium',
    dateline: ['VIVA', null, 'VIVA'],
    pages: [[null, 2, 'Pebalap berusia 17 tahun itu']],
    lang: 'id',
  },
  {
    file: 'detik-place-alone',
    name: 'a known place alone is a dateline, and initials behind the last sentence are taken off',
    title: 'Taman Kota Dibuka sampai Malam',
    dateline: [null, 'Jakarta', 'Jakarta'],
    pages: [[null, 3, 'Taman kota kini dibuka sampa']],
    bylines: ['author azr', 'editor haf'],
    dropped: ['4 video_link', '5 initials'],
    lang: 'id',
  },
  {
    file: 'liputan6-undashed',
    name: 'a dateline that lost its dash ends at the place, never inside a reduplicated word',
    title: 'Persiapan Mudik',
    dateline: ['Liputan6.com', 'Jakarta', 'Liputan6.com, Jakarta'],
    pages: [[null, 2, 'Hal-hal yang perlu dibawa pu']],
    sources: [['liputan6', 'origin', null, 'Liputan6.com, Jakarta']],
    unsure: ['2 dateline_outlet_place_undashed'],
    lang: 'id',
  },
  {
    file: 'undashed-then-dash',
    name: 'a later dash in the sentence is not the dash of the dateline',
    title: 'Menteri Tinjau Sekolah',
    dateline: ['Liputan6.com', 'Jakarta', 'Liputan6.com, Jakarta'],
    pages: [[null, 2, 'Menteri Pendidikan meninjau ']],
    sources: [['liputan6', 'origin', null, 'Liputan6.com, Jakarta']],
    unsure: ['2 dateline_outlet_place_undashed'],
    lang: 'id',
  },
  {
    file: 'reduplication-no-dateline',
    name: 'neither a reduplicated word nor a name before a dash makes a dateline',
    title: 'Catatan dari Ibu Kota',
    pages: [[null, 2, 'Jakarta Hal-hal kecil sering']],
    lang: 'id',
  },
  {
    file: 'plain-memo',
    name: 'a memo without any furniture keeps every line, whatever its sentences resemble',
    title: 'Rapat redaksi Jumat',
    pages: [[null, 4, 'Rapat dimulai pukul sembilan']],
    lang: 'id',
  },
  {
    file: 'memo-without-title',
    name: 'a text that begins with a sentence has no title',
    title: null,
    pages: [[null, 2, 'Mohon semua telepon dimatika']],
    lang: null,
  },
  {
    file: 'dilaporkan-tewas',
    name: 'verbs of reporting that name nobody attribute nothing',
    title: 'Longsor di Lereng Gunung',
    pages: [[null, 3, 'Tiga warga dilaporkan tewas ']],
    lang: 'id',
  },
  {
    file: 'unresolved-sources',
    name: 'names that are no known source are listed and linked to nothing',
    title: 'Jamu Masuk Menu Kafe',
    dateline: [null, 'Jakarta', 'Jakarta'],
    pages: [[null, 4, 'Jamu masuk menu kafe di lima']],
    unresolved: [
      [3, 'Warta Lereng', '2023-09-18'],
      [4, 'rempahkita.com', null],
      [5, 'CNN Turk', null],
    ],
    unsure: ['3 attribution_unresolved', '4 attribution_unresolved', '5 attribution_unresolved'],
    lang: 'id',
  },
  {
    file: 'two-sources-at-once',
    name: 'two sources share one date, and each is listed once',
    title: 'Gempa Guncang Pesisir',
    dateline: [null, 'Manila', 'Manila'],
    pages: [[null, 3, 'Gempa mengguncang pesisir pa']],
    sources: [
      ['reuters', 'cited', '2023-09-14', 'Dilansir dari Reuters dan CNA, Kamis (14/9/2023)'],
      ['cna', 'cited', '2023-09-14', 'Dilansir dari Reuters dan CNA, Kamis (14/9/2023)'],
    ],
    lang: 'id',
  },
  {
    file: 'wrong-weekday',
    name: 'a wrong weekday is a warning and the date stands, a day that does not exist is none',
    title: 'Menara Air Runtuh',
    dateline: [null, 'Semarang', 'Semarang'],
    pages: [[null, 3, 'Menara air setinggi dua pulu']],
    sources: [
      ['reuters', 'cited', '2021-05-04', 'Dilansir Reuters, Minggu (4/5/2021)'],
      ['cna', 'cited', null, 'Dikutip dari CNA, Selasa (31/2/2023)'],
    ],
    warnings: ['3 weekday_mismatch', '4 invalid_date'],
    lang: 'id',
  },
  {
    file: 'year-left-out',
    name: "Christmas without a year is last year's, and a country before an agency is no part of its name",
    title: 'Salju Pertama Turun',
    dateline: [null, 'Tokyo', 'Tokyo'],
    pages: [[null, 3, 'Salju pertama turun lebih aw']],
    sources: [
      ['reuters', 'cited', '2022-12-25', 'dikutip dari Reuters, Minggu (25/12)'],
      ['tass', 'cited', '2023-09-20', 'Menurut kantor berita Rusia, TASS, Rabu (20 September 2023)'],
    ],
    lang: 'id',
  },
  {
    file: 'english-attributions',
    name: 'English attributions are read before and behind the verb',
    title: 'Bakers strike over flour prices',
    dateline: [null, 'LONDON', 'LONDON'],
    pages: [[null, 4, 'Bakers in the capital stoppe']],
    sources: [
      ['cna', 'cited', '2023-09-20', 'reported by CNA on Sept. 20, 2023'],
      ['reuters', 'cited', '2023-09-19', 'Reuters reported on Tuesday (19/9/2023)'],
      ['antara', 'cited', null, 'told Antara'],
    ],
    lang: 'en',
  },
  {
    file: 'english-by-line-no-dateline',
    name: 'without a dateline a single sentence set off below the headline is the deck',
    title: 'The Orchard That Came Back',
    deck: 'A village replanted its pears and found its birds again.',
    pages: [[null, 2, 'The first trees were planted']],
    bylines: ['author Maria van Dijk'],
    dropped: ['5 byline'],
    unsure: ['3 deck'],
    lang: 'en',
  },
  {
    file: 'head-furniture',
    name: 'everything a page prints above and below its story is dropped and listed',
    title: 'Festival Layang-Layang Kembali',
    deck: 'Langit pantai penuh warna selama dua hari.',
    dateline: ['Liputan6.com', 'Denpasar', 'Liputan6.com, Denpasar'],
    pages: [[null, 2, 'Festival layang-layang kemba']],
    sources: [['liputan6', 'origin', null, 'Liputan6.com, Denpasar']],
    bylines: ['photographer Budi Santoso', 'author Wayan Sudira', 'author Cas', 'editor Isk'],
    dropped: [
      '1 breadcrumb',
      '2 page_address',
      '4 timestamp',
      '5 interface_word',
      '6 caption',
      '7 interface_word',
      '8 interface_word',
      '9 interface_word',
      '12 related_link',
      '13 related_headline',
      '14 related_headline',
      '15 republication_note',
      '17 byline',
      '18 byline',
      '19 initials',
    ],
    unsure: ['6 caption', '13 related_headline', '14 related_headline'],
    lang: 'id',
  },
  {
    file: 'three-pages-announced-four',
    name: 'a missing page is a warning, and a sentence below a marker is no page title',
    title: 'Tiga Cara Menyimpan Cabai',
    dateline: [null, 'Bandung', 'Bandung'],
    pages: [
      [null, 1, 'Cabai mahal dan mudah busuk.'],
      ['Dijemur', 1, 'Cabai dijemur dua hari di at'],
      [null, 1, 'Cabai yang dibekukan tahan b'],
    ],
    dropped: ['5 page_marker', '11 page_marker'],
    warnings: ['11 page_count_mismatch'],
    lang: 'id',
  },
  {
    file: 'nextpage-comment',
    name: 'a comment breaks pages too, and a sentence that begins like a marker breaks none',
    title: 'A walk in two parts',
    pages: [
      [null, 1, 'The path begins behind the m'],
      ['The way down', 2, 'Take the left fork by the ch'],
    ],
    dropped: ['5 page_marker'],
    lang: 'en',
  },
  {
    file: 'hard-wrapped-mail',
    name: 'lines wrapped by a mail program stay one paragraph and lend no line to a page title',
    title: 'Harbour works will take longer',
    dateline: ['Reuters', 'OSLO', 'OSLO (Reuters)'],
    pages: [
      [null, 1, 'The works in the harbour wil'],
      [null, 1, 'The divers said that the anc'],
    ],
    sources: [
      ['reuters', 'origin', null, 'OSLO (Reuters)'],
      ['cna', 'cited', '2023-09-20', 'quoted by CNA on 20 September 2023'],
    ],
    dropped: ['8 page_marker'],
    unsure: ['8 page_marker'],
    lang: 'en',
  },
  {
    file: 'transcript',
    name: 'an interview with a reporter keeps its questions',
    title: 'Wawancara dengan Penjaga Mercusuar',
    pages: [[null, 5, 'Ia tinggal di pulau itu sela']],
    lang: 'id',
  },
  {
    file: 'bureau-report',
    name: "a bureau's credit above the headline and a contributor below the story are bylines",
    title: 'Sapi Kurban Lepas di Jalan Tol',
    dateline: ['TRIBUNNEWS.COM', 'JAKARTA', 'TRIBUNNEWS.COM, JAKARTA'],
    pages: [[null, 2, 'Seekor sapi kurban lepas dan']],
    bylines: ['author Dewi Lestari', 'contributor Rudi Hartono'],
    dropped: ['1 byline', '5 byline'],
    lang: 'id',
  },
  {
    file: 'unknown-small-town',
    name: 'next to a known agency a place need not be in any list',
    title: 'Air Bersih Mengalir Lagi',
    dateline: ['ANTARA', 'Tanjung Harapan', 'Tanjung Harapan (ANTARA)'],
    pages: [[null, 2, 'Air bersih mengalir lagi set']],
    sources: [['antara', 'origin', null, 'Tanjung Harapan (ANTARA)']],
    unsure: ['2 dateline_place_agency'],
    lang: 'id',
  },
  {
    file: 'origin-also-cited',
    name: 'a source may be origin and cited',
    title: 'Kapal Tua Jadi Museum',
    dateline: ['Reuters', 'Rotterdam', 'Reuters, Rotterdam'],
    pages: [[null, 2, 'Kapal berusia seratus tahun ']],
    sources: [
      ['reuters', 'origin', null, 'Reuters, Rotterdam'],
      ['reuters', 'cited', '2023-09-20', 'Mengutip Reuters, Rabu, 20 September 2023'],
    ],
    lang: 'id',
  },
  {
    file: 'press-release-date',
    name: 'the date of a press release is no part of its place',
    title: 'Program Sekolah Lapang Dimulai',
    dateline: [null, 'Bogor', 'Bogor, 18 September 2023'],
    pages: [[null, 2, 'Program sekolah lapang bagi ']],
    lang: 'id',
  },
  {
    file: 'numbered-list',
    name: 'lists and lines that announce them are neither deck nor title',
    title: 'Daftar Belanja Dapur Umum',
    pages: [[null, 3, 'Yang masih dibutuhkan:\n\n- be']],
    lang: 'id',
  },
]

for (const { file, name, ...story } of stories) {
  t.test(`${name} (${file})`, async (t) => {
    const text = readFileSync(join(folder, `${file}.txt`), 'utf8')
    const copy = parseCopy(text, { sources, today: '2023-09-21' })
    const { parse } = copy
    t.equal(copy.title, story.title)
    t.equal(copy.deck, story.deck ?? null)
    const [outlet = null, place = null, dateline] = story.dateline ?? []
    t.strictSame(copy.dateline, dateline === undefined ? null : { outlet, place, text: dateline })
    t.strictSame(
      copy.pages.map((page, i) => {
        const opening = page.body.slice(0, story.pages[i]?.[2].length)
        return [page.title, page.body.split('\n\n').length, opening]
      }),
      story.pages,
    )
    t.strictSame(
      copy.sources.map((source) => [source.source, source.role, source.statedOn, source.mention]),
      story.sources ?? [],
    )
    t.strictSame(
      copy.bylines.map((byline) => `${byline.role} ${byline.name}`),
      story.bylines ?? [],
    )
    t.strictSame(
      parse.unresolved.map((found) => [found.line, found.name, found.statedOn]),
      story.unresolved ?? [],
    )
    t.strictSame(ruleLines(parse.dropped), story.dropped ?? [])
    t.strictSame(
      parse.warnings.map((warning) => `${warning.line} ${warning.code}`),
      story.warnings ?? [],
    )
    t.strictSame(ruleLines(parse.rules.filter(({ confidence }) => confidence === 'low')), story.unsure ?? [])
    t.equal(copy.lang, story.lang)
    t.equal(findLostLine(text, copy), null)
  })
}

t.test('every story in the folder is told', async (t) => {
  const files = readdirSync(folder).map((file) => file.replace(/\.txt$/, ''))
  t.strictSame(files.sort(), stories.map(({ file }) => file).sort())
})

function ruleLines(found: readonly { rule: string; line: number }[]): string[] {
  return found.map(({ rule, line }) => `${line} ${rule}`)
}
