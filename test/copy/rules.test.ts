import t from 'tap'
import { readByline, readHeadByline, readInitials } from '../../src/copy/bylines.ts'
import { readDateline } from '../../src/copy/dateline.ts'
import { readDate } from '../../src/copy/dates.ts'
import { indexNames } from '../../src/copy/names.ts'
import { type ParsedCopy, parseCopy } from '../../src/copy/parse.ts'
import { PLACES, REGIONS } from '../../src/copy/places.ts'
import { sources } from './sources.ts'

const today = '2023-09-21'
const index = indexNames(sources)

t.test('the dateline shapes of many newsrooms are read', async (t) => {
  const shapes: Record<string, [outlet: string | null, place: string | null]> = {
    'Liputan6.com, Jakarta - A': ['Liputan6.com', 'Jakarta'],
    'Liputan6.com, Jakarta- A': ['Liputan6.com', 'Jakarta'],
    'TRIBUNNEWS.COM, JAKARTA - A': ['TRIBUNNEWS.COM', 'JAKARTA'],
    'Bisnis.com, JAKARTA — A': ['Bisnis.com', 'JAKARTA'],
    'iNews.id, Labuan Bajo - A': ['iNews.id', 'Labuan Bajo'],
    'JAKARTA, KOMPAS.com – A': ['KOMPAS.com', 'JAKARTA'],
    'Jakarta, CNBC Indonesia - A': ['CNBC Indonesia', 'Jakarta'],
    'MOSCOW (Reuters) - A': ['Reuters', 'MOSCOW'],
    'MOSCOW, Sept 20 (Reuters) - A': ['Reuters', 'MOSCOW'],
    'MOSCOW, Monday (Reuters) - A': ['Reuters', 'MOSCOW'],
    'BEIJING, Sept. 20 (Xinhua) -- A': ['Xinhua', 'BEIJING'],
    'GROSSETO, Italy (AP) -- A': ['AP', 'GROSSETO, Italy'],
    'KEBUN RAYA (Warta Hutan) - A': ['Warta Hutan', 'KEBUN RAYA'],
    'Kemenhut, Bogor - A': ['Kemenhut', 'Bogor'],
    'Suara.com - A': ['Suara.com', null],
    'KOMPAS.com – A': ['KOMPAS.com', null],
    'MAKKAH - A': [null, 'MAKKAH'],
    'JAKARTA, Rabu (20/9/2023) – A': [null, 'JAKARTA'],
    'Washington/Jakarta — A': [null, 'Washington/Jakarta'],
    'CHICAGO, Ill. — A': [null, 'CHICAGO, Ill.'],
  }
  for (const [text, [outlet, place]] of Object.entries(shapes)) {
    const found = readDateline(index, text)
    t.match(found, { dateline: { outlet, place } }, text)
    t.equal(text.slice(found?.matched.length).trim(), 'A', text)
  }
})

t.test('a sentence with a dash is no dateline', async (t) => {
  const sentences = [
    'Jakarta Hal-hal yang perlu diingat',
    'Presiden Jokowi - yang datang sore itu - tersenyum',
    'Vladimir Putin - Xi Jinping bertemu',
    'Jakarta - yang panas - sepi',
    'Perth, Presiden Jokowi - A',
    'KPK - Komisi itu bekerja',
    'FOTO - Pawai',
    'Kemenhut - kementerian itu',
    'JAKARTA—Presiden datang',
    'Suhu turun - lima derajat',
    'Ani (Reuters) berkata - lalu pergi',
    'ulang-ulang, Jakarta - A',
  ]
  for (const text of sentences) t.equal(readDateline(index, text), null, text)
})

t.test('dates are day, month, year, in either language', async (t) => {
  const dates: Record<string, string | null> = {
    ', Rabu (20/9/2023)': '2023-09-20',
    ' pada Rabu, 20 September 2023': '2023-09-20',
    ' (Rabu, 20/9/2023)': '2023-09-20',
    ', Rabu (20/9)': '2023-09-20',
    ' Rabu 20/9': '2023-09-20',
    ' (22/9)': '2022-09-22',
    ' (21/9)': '2023-09-21',
    ' (29/2)': '2020-02-29',
    " Jum'at (15-9-2023)": '2023-09-15',
    ' (15.9.23)': '2023-09-15',
    ' (2023-09-15)': '2023-09-15',
    ' on Sept. 20, 2023': '2023-09-20',
    ' on Wednesday (Sept 20)': '2023-09-20',
    ' on 5 March': '2023-03-05',
    ' 31 Des 2022': '2022-12-31',
    ' (31/4/2023)': null,
    ' on Wednesday': null,
  }
  for (const [text, statedOn] of Object.entries(dates)) {
    const found = readDate(text, 0, today)
    t.equal(found?.statedOn, statedOn, text)
    t.equal(found?.end, text.length, text)
  }
  for (const text of [' 3.5 juta', ' 24/7', ' dua', ' Marselino 20', ' (2/3 bagian)', ' Mei Lin']) {
    t.equal(readDate(text, 0, today), null, text)
  }
})

t.test('the weekday is a check and never a reason to reject', async (t) => {
  t.match(readDate(' Kamis (20/9/2023)', 0, today), { statedOn: '2023-09-20', problem: { code: 'weekday_mismatch' } })
  t.match(readDate(' (25/12/2023)', 0, today), { statedOn: '2023-12-25', problem: { code: 'future_date' } })
  t.match(readDate(' (32/12/2023)', 0, today), { statedOn: null, problem: { code: 'invalid_date' } })
})

t.test('credit lines are read with their roles', async (t) => {
  const credits: Record<string, string[]> = {
    'Penulis : Ratna Dewi': ['author Ratna Dewi'],
    'Reporter: Sari, Budi dan Tono Hadi': ['author Sari', 'author Budi', 'author Tono Hadi'],
    'Penulis: A. Rahman bin Yusuf; Editor: Bagus': ['author A. Rahman bin Yusuf', 'editor Bagus'],
    'Foto: ANTARA/Aji Saka': ['photographer Aji Saka'],
    'Pewarta foto: Aji Saka': ['photographer Aji Saka'],
    'Penerjemah: Lia Wen': ['translator Lia Wen'],
    'Reporting by A. Smith in Kyiv and Li Na; Writing by Jo Hill': [
      'author A. Smith',
      'author Li Na',
      'author Jo Hill',
    ],
    'Edited by Sam Hill.': ['editor Sam Hill'],
    'Translated by Eva de Wit': ['translator Eva de Wit'],
    'Reporting by Reuters': ['author Reuters'],
  }
  for (const [text, found] of Object.entries(credits)) {
    t.strictSame(
      readByline(text)?.map(({ role, name }) => `${role} ${name}`),
      found,
      text,
    )
  }
})

t.test('prose that begins like a credit is none', async (t) => {
  const prose = [
    'Editor: harap periksa angka ini',
    'Reporter: Apa kabar?',
    'Foto: para pedagang menata jeruk di perahu',
    "Editor's note: this story was corrected",
    'Penulis itu: Ratna Dewi',
    'Editing by hand is slow',
    'Laporan wartawan itu, kata polisi, benar adanya',
    'Penulis:',
  ]
  for (const text of prose) t.equal(readByline(text), null, text)
  for (const text of ['By Night, Jakarta Changes', 'By noon the rain had stopped', 'Oleh karena itu', 'By Sunday']) {
    t.equal(readHeadByline(text), null, text)
  }
  t.strictSame(readHeadByline('By Jane Doe, Reuters'), [{ name: 'Jane Doe', role: 'author' }])
  t.strictSame(readHeadByline('Oleh Sukma'), [{ name: 'Sukma', role: 'author' }])
})

t.test('initials stand in parentheses behind a finished sentence', async (t) => {
  t.match(readInitials('Selesai. (azr/haf)'), { text: '(azr/haf)', bylines: [{ name: 'azr' }, { role: 'editor' }] })
  t.match(readInitials('(Cas/Isk)'), { bylines: [{ name: 'Cas' }, { name: 'Isk' }] })
  for (const text of ['Ayah (dan/atau)', 'Selesai. (dan/atau)', 'Selesai. (AP/AFP)', 'Selesai (azr/haf)', '(red)']) {
    t.equal(readInitials(text), null, text)
  }
})

t.test('a name is a source only as whole words, and only when it is a name', async (t) => {
  t.strictSame(cited('Dilansir CNA, banjir surut.'), ['cna'])
  t.strictSame(cited('DILANSIR cna.com dan CNATV, banjir surut.'), [])
  t.strictSame(cited('Hal itu dikutip antara lain oleh warga.'), [])
  t.strictSame(cited('Dikutip dari kantor berita Rusia TASS, banjir surut.'), ['tass'])
  t.strictSame(cited('Mengutip laporan Kantor Berita ANTARA pada Rabu.'), ['antara'])
  t.strictSame(cited('Menurut Budi, banjir surut. Kata Budi kepada warga.'), [])
  t.strictSame(cited('Melansir Kemenhut, banjir surut.'), ['ministry'])
  t.strictSame(cited('Diwartakan pada Rabu (20/9) oleh Reuters, banjir surut.'), ['reuters'])
  t.strictSame(cited('The Straits Times reported rain. Namun Reuters melaporkan cerah.'), ['reuters'])
  t.strictSame(cited('The minister told CNN that it rained, according to the AP.'), ['cnn', 'ap'])
  t.strictSame(cited('Dilansir CNN, Reuters, dan CNA, Rabu (20/9/2023), banjir surut.'), ['cnn', 'reuters', 'cna'])
})

t.test('the first mention of a source counts, with its own date', async (t) => {
  const { sources } = parse('Judul\n\nDilansir CNA, Senin (18/9/2023), A. B.\n\nDilansir CNA, Rabu (20/9/2023), C.')
  t.strictSame(sources, [
    { source: 'cna', role: 'cited', statedOn: '2023-09-18', mention: 'Dilansir CNA, Senin (18/9/2023)' },
  ])
})

t.test('an interface word is dropped above the story only', async (t) => {
  t.equal(parse('Sukses\nJudul\nSolo - A.\nB.').title, 'Judul')
  t.equal(parse('Judul\nSukses\nSolo - A.\nB.').pages[0]?.body, 'A.\n\nB.')
  t.equal(parse('Judul\nSolo - A.\nSukses\nB.').pages[0]?.body, 'A.\n\nSukses\n\nB.')
  t.equal(parse('Judul\nA. B.\nSukses\nC.').pages[0]?.body, 'A. B.\n\nSukses\n\nC.')
  t.equal(parse('Judul\nA. B.\nSukses besar\nC.').pages[0]?.body, 'A. B.\n\nSukses besar\n\nC.')
})

t.test('a link to another story or page is dropped, a sentence that begins like one is not', async (t) => {
  const body = (line: string) => parse(`Judul\nSolo - A.\n${line}\nB.`).pages[0]?.body
  for (const line of [
    'BACA JUGA: Panen Raya',
    'Baca: Panen Raya',
    'Read also: Harvest Begins',
    'Simak pula video panen berikut',
    'Saksikan Video Pilihan Berikut Ini:',
    'GULIR UNTUK LANJUT BACA',
    'Artikel ini telah tayang di Warta Lereng.',
    'Selanjutnya: Panen Raya',
    'Halaman Selanjutnya >',
    '© 2023 Warta Lereng',
  ]) {
    t.equal(body(line), 'A.\n\nB.', line)
  }
  for (const line of [
    'Baca juga buku itu sebelum tidur, kata ibunya.',
    'Selanjutnya: panitia mengumumkan pemenang.',
    'Selanjutnya panitia pulang',
    'Iklan itu menyesatkan',
    'Simak pidatonya',
    'Halaman rumahnya luas',
  ]) {
    t.equal(body(line), `A.\n\n${line}\n\nB.`, line)
  }
})

t.test('a page breaks where a later page is announced, never twice and never for nothing', async (t) => {
  t.strictSame(pageTitles('J\nA.\n2 dari 2 halaman\nSub Judul\nB.\n2 dari 2 halaman'), [null, 'Sub Judul'])
  t.strictSame(pageTitles('J\n1 dari 2 halaman\nA.\n1 dari 2 halaman\n2 dari 2 halaman\nB.'), [null, null])
  t.strictSame(pageTitles('2 dari 2 halaman\nJ\nB.'), [null])
  t.strictSame(pageTitles('J\nA.\n5 dari 2 halaman\nB.'), [null])
  t.strictSame(pageTitles('J\nA.\n2 dari 2 halaman dipilih\nB.\n2 dari 3 orang\nC.'), [null])
  t.strictSame(pageTitles('J\nA.\nHalaman 2\nBerikut daftarnya:\nB.'), [null, null])
  t.match(parse('J\nA.\n3 dari 3 halaman\nB.').parse.warnings, [
    { code: 'page_order' },
    { code: 'page_count_mismatch' },
  ])
})

t.test('the language that the caller gives wins', async (t) => {
  t.equal(parseCopy('The end of the story is in the box', { sources, today, lang: 'id' }).lang, 'id')
  t.equal(parse('The end of the story is in the box').lang, 'en')
  t.equal(parse('42').lang, null)
})

t.test('an empty text has one empty page and no title', async (t) => {
  for (const text of ['', ' \n\n\t', '\ufeff'])
    t.match(parse(text), { title: null, pages: [{ title: null, body: '' }] })
})

t.test('the gazetteer is sorted and names each place once', async (t) => {
  for (const list of [PLACES, REGIONS]) t.strictSame([...new Set(list)].sort(), list)
})

function parse(text: string): ParsedCopy {
  return parseCopy(text, { sources, today })
}

function cited(sentence: string): string[] {
  return parse(`Judul\n\nKalimat lain. Kalimat lagi.\n\n${sentence}`).sources.map(({ source }) => source)
}

function pageTitles(text: string): (string | null)[] {
  return parse(text).pages.map(({ title }) => title)
}
