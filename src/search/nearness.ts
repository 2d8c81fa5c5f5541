/**
 * How many letters a writer got wrong: left out, put in, took for another, or exchanged with the next (the restricted
 * Damerau-Levenshtein distance). Undefined when they are more than `most`, which is found out early.
 */
export function distance(a: string, b: string, most: number): number | undefined {
  if (Math.abs(a.length - b.length) > most) return undefined
  let [before, last] = [new Array<number>(b.length + 1).fill(0), Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i]
    let least = i
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1]
      let value = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        value = Math.min(value, (before[j - 2] ?? 0) + 1)
      row.push(value)
      least = Math.min(least, value)
    }
    if (least > most) return undefined
    ;[before, last] = [last, row]
  }
  const found = last[b.length] ?? 0
  return found <= most ? found : undefined
}

/** What is shorter is too near to too much. */
export const shortestGuess = 4

/** Letters that may be wrong in a word: one of a short one, two of a long one. */
export const mostWrong = (word: string): number => (word.length < 8 ? 1 : 2)

/** The words that somebody may have meant, the nearest first; the same for the same words, in whatever order they come. */
export function nearestTo(word: string, words: Iterable<string>, count: number): string[] {
  const most = mostWrong(word)
  const near: { other: string; far: number }[] = []
  for (const other of words) {
    const far = other === word ? undefined : distance(word, other, most)
    if (far !== undefined) near.push({ other, far })
  }
  // A letter too few or too many is less likely to be meant than one that is another.
  const change = ({ other }: { other: string }): number => Math.abs(other.length - word.length)
  near.sort((a, b) => a.far - b.far || change(a) - change(b) || (a.other < b.other ? -1 : 1))
  return near.slice(0, count).map(({ other }) => other)
}
