import type { KnownSource } from '../../src/copy/parse.ts'

export const sources: readonly KnownSource[] = [
  { id: 'cna', name: 'Channel NewsAsia', aliases: ['CNA'], kind: 'outlet' },
  { id: 'liputan6', name: 'Liputan6.com', aliases: ['Liputan6'], kind: 'outlet' },
  { id: 'reuters', name: 'Reuters', aliases: [], kind: 'agency' },
  { id: 'antara', name: 'ANTARA', aliases: ['LKBN Antara'], kind: 'agency' },
  { id: 'ap', name: 'AP', aliases: ['Associated Press', 'The Associated Press'], kind: 'agency' },
  { id: 'tass', name: 'TASS', aliases: [], kind: 'agency' },
  { id: 'cnn', name: 'CNN', aliases: [], kind: 'outlet' },
  { id: 'kompas', name: 'Kompas.com', aliases: ['Kompas'], kind: 'outlet' },
  { id: 'times', name: 'Times', aliases: [], kind: 'outlet' },
  { id: 'ministry', name: 'Kementerian Kehutanan', aliases: ['Kemenhut'], kind: 'official' },
  { id: 'budi', name: 'Budi', aliases: [], kind: 'person' },
]
