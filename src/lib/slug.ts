import { isId } from './ids.ts'

/** Long enough for any headline, short enough for a URL that people share. */
export const slugLength = 100

export const slugPattern = /^[a-z0-9]+(?:-[a-z0-9]+)*$/

/** Latin letters that Unicode does not decompose into a base letter and a mark. */
const letters: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  đ: 'd',
  ð: 'd',
  ł: 'l',
  þ: 'th',
  ħ: 'h',
  ı: 'i',
  ŋ: 'ng',
  ĸ: 'k',
  ŧ: 't',
}

/**
 * A title as lower-case ASCII words joined by hyphens, at most slugLength long and cut at a word.
 * Empty when the title has no letter or digit that folds to ASCII, or is an id.
 */
export function slugify(title: string): string {
  const words = title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}|['’ʼ]/gu, '')
    .replace(/[^\x00-\x7f]/g, (letter) => letters[letter] ?? '-')
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  let slug = ''
  for (const word of words) {
    const longer = slug === '' ? word.slice(0, slugLength) : `${slug}-${word}`
    if (longer.length > slugLength) break
    slug = longer
  }
  return isId(slug) ? '' : slug
}

/** A slug never looks like an id, because both stand in the same place of a path. */
export function isSlug(text: string): boolean {
  return text.length <= slugLength && slugPattern.test(text) && !isId(text)
}

/** The n-th choice for a slug that is taken: `rail-strike`, `rail-strike-2`, `rail-strike-3` …, never over slugLength. */
export function numberedSlug(slug: string, n: number): string {
  if (n === 1) return slug
  const ending = `-${n}`
  return slug.slice(0, slugLength - ending.length).replace(/-+$/, '') + ending
}
