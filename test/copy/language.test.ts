import t from 'tap'
import { detectLanguage } from '../../src/copy/language.ts'

t.test('a headline and a line say which language they are in', async (t) => {
  for (const text of [
    'Panen Garam Dimulai Lebih Awal\nPetani di pesisir mulai memanen garam sejak Senin.',
    'Pelabuhan Baru Beroperasi',
    'Menteri Tinjau Sekolah\nMenteri meninjau tiga sekolah yang rusak.',
    'Kapal Tua Jadi Museum\nKapal itu akan dibuka untuk umum.',
  ]) {
    t.equal(detectLanguage(text), 'id', text)
  }
  for (const text of [
    'Steel mill to close\nThe mill will close in March, its owner said.',
    'Library reopens after the flood',
    'Bakers strike over flour prices',
  ]) {
    t.equal(detectLanguage(text), 'en', text)
  }
})

t.test('what says too little, or is in another language, is in none of the two', async (t) => {
  for (const text of [
    '',
    '2024',
    'Jakarta',
    'Donald Trump',
    'De minister was dinsdag in Den Haag en is van plan om over de plannen te praten. We had niet verwacht dat het zo snel zou gaan, zei hij.',
    'Der Minister sagte am Dienstag in Berlin, was er will, sei noch nicht an der Zeit. Das Gesetz soll im Herbst in Kraft treten.',
    'Le ministre a déclaré mardi à Paris que les mesures seront annoncées la semaine prochaine. Un an plus tard, on a changé.',
    'O ministro disse na terça-feira em Lisboa que a lei vai mudar. A cidade está calma, mas há muito a fazer.',
    'Warga desa padha tandur pari ing sawah wiwit esuk nganti sore, amarga udan wis teka.',
  ]) {
    t.equal(detectLanguage(text), null, text)
  }
})

t.test('names of the other language do not change what a text is in', async (t) => {
  t.equal(detectLanguage('Menteri akan bertemu wartawan The New York Times di Jakarta untuk wawancara itu.'), 'id')
  t.equal(
    detectLanguage('The minister of Kementerian Kelautan dan Perikanan said that it was up to the president.'),
    'en',
  )
})
