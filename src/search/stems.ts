import { stemmer } from '@orama/stemmers/english'
import { stemIndonesian } from './indonesian.ts'
export type StemLanguage = 'id' | 'en'
export const stemLanguages: readonly StemLanguage[] = ['id', 'en']
export const stemsVersion = 1
export function stemLanguageOf(lang: string): StemLanguage | undefined {
  const p = lang.split('-')[0]
  return p === 'id' || p === 'en' ? p : undefined
}
export function stem(word: string, language: StemLanguage): string {
  return word.length < 3 || /\d/.test(word) ? word : language === 'id' ? stemIndonesian(word) : stemmer(word)
}
