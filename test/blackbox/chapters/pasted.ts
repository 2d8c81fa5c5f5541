import type { Desk } from '../desk.ts'
import { letters, signs } from '../words.ts'

const story = [
  ...['Sukses', 'Wang Yi Temui Putin di Moskow'],
  'Menteri Luar Negeri China dan Presiden Rusia membahas kunjungan ke Beijing bulan depan.',
  'Liputan6.com, Moskow - Menteri Luar Negeri China Wang Yi bertemu dengan Presiden Rusia Vladimir Putin.',
  'Keduanya berbicara selama dua jam di sebuah ruang yang tertutup untuk wartawan.',
  'Dilansir CNA, Rabu (20/9/2023), pembicaraan itu juga menyinggung perdagangan gandum.',
  'Dilansir Harian Antah, Kamis (21/9/2023), keduanya akan bertemu lagi. 👍',
  ...['2 dari 2 halaman', 'China dan Rusia Makin Mesra 👨‍👩‍👧'],
  'Sepanjang tahun ini perdagangan kedua negara tumbuh lebih dari seperempat, kata Kantor Berita Antara.',
  '(Tanti Yulianingsih/Üñal)',
]

/** Copy as it was pasted, in every line end and script. */
export async function pasted(desk: Desk): Promise<void> {
  const paste = (data: string | Buffer, query = '', type = 'text/plain; charset=utf-8') =>
    desk.call('POST', `/v1/articles${query}`, { as: 'writer', raw: { type, data } })
  for (const end of ['\n', '\r\n', '\r', '\n\n', '\u2028', '\u0085']) await paste(story.join(end))
  await paste(`\ufeff${story.join('\n')}`)
  await paste(story.join('\n'), '?section=a&tags=rail,sea&lang=en-gb')
  await paste(story.join('\n'), '?section=nowhere&tags=rail,none&lang=en-gb')
  await paste(story.join('\n'), '?lang=xx-')
  for (const word of [...letters, ...signs])
    await paste(`${word}\n\nJAKARTA (CNA) - ${word} said "${word}".\n\nAccording to Antara, ${word}.`)
  for (const data of [
    '',
    '\n \n',
    'x'.repeat(301),
    '\u0000',
    'a\u0000b',
    Buffer.from([0xff, 0xfe]),
    Buffer.from([0xed, 0xa0, 0x80]),
  ])
    await paste(data)
  await paste(`Long\n\n${'👍'.repeat(65_000)}`)
  await paste(`Long\n\n${'x'.repeat(262_138)}`)
  await desk.call('POST', '/v1/articles', { as: 'writer', claim: 262_145, headers: { 'content-type': 'text/plain' } })
  await paste('a', '', 'text/plain; charset=latin1')
  await paste('a', '', 'text/html')
  await desk.walk('/v1/articles?stage=working&limit=30', 'writer')
}
