const width = 30

/** One line on a terminal that shows how far it is; elsewhere only what went wrong. */
export function createBar() {
  const clear = (): void => {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  }
  return {
    clear,
    /** @param share from 0 to 1 */
    draw(share: number, words: string): void {
      if (!process.stderr.isTTY) return
      const done = Math.round(share * width)
      process.stderr.write(`\r${'█'.repeat(done)}${'░'.repeat(width - done)} ${Math.round(share * 100)} %  ${words}`)
    },
    say(line: string): void {
      clear()
      console.error(line)
    },
  }
}
