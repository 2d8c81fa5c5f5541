/** So many at once; whoever comes then waits in line. */
export class Turns {
  private free: number
  private readonly line: (() => void)[] = []

  constructor(most: number) {
    this.free = most
  }

  /** Answers how to give the turn back; undefined when none came in so many ms. */
  async take(patienceMs: number): Promise<(() => void) | undefined> {
    if (this.free > 0) this.free -= 1
    else if (!(await this.wait(patienceMs))) return undefined
    return () => {
      const next = this.line.shift()
      if (next === undefined) this.free += 1
      else next()
    }
  }

  private wait(patienceMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const called = (): void => {
        clearTimeout(timer)
        resolve(true)
      }
      const timer = setTimeout(() => {
        this.line.splice(this.line.indexOf(called), 1)
        resolve(false)
      }, patienceMs)
      this.line.push(called)
    })
  }
}
