/** The canonical form of a BCP 47 tag (`EN-gb` is `en-GB`); undefined for what is none. */
export function canonicalLanguage(tag: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(tag)[0]
  } catch {
    return undefined
  }
}
