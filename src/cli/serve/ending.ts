/** As long as supervisors commonly wait before they kill. */
export const longestStopMs = 10_000

/**
 * On a terminal SIGHUP says that the terminal is gone, and ends the service as ever; elsewhere it is a supervisor's word
 * for "reload".
 */
export function isReload(): boolean {
  return process.stdin.isTTY !== true && process.stdout.isTTY !== true
}

/** In words of its own and no event of the log, where anything like a key is cut short. */
export function announce(secret: string, origin?: string): void {
  const trial = origin === undefined ? '' : `\n  Try it:  curl -H "Authorization: Bearer ${secret}" ${origin}/v1/keys\n`
  console.log(`
  This is the admin key of the new database. It is shown this once:

    ${secret}
${trial}`)
}
