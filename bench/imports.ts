/** An import, with all its rules and revisions, beside the bare insertion of the rows that it leaves. */
import { spawn } from 'node:child_process'
import { once as event } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder } from './data.ts'
import { atLeast, type Line } from './line.ts'
import { type Mode, median } from './measure.ts'
import { plans } from './newsroom.ts'
import { known, residentMiB, root, scrap, startOwn } from './processes.ts'
import { recordOf } from './template.ts'

/** Often enough to see a peak that lasts. */
const lookEveryMs = 50

export async function imports(mode: Mode): Promise<Line[]> {
  const input = scrap(join(dataFolder, `import-${process.pid}.ndjson`))
  writeFileSync(input, Array.from(plans(mode.imported), (plan, i) => JSON.stringify(recordOf(plan, i))).join('\n'))
  const ours: number[] = []
  const raw: number[] = []
  let resident: number[] = []
  for (let round = 0; round < mode.fewRounds; round += 1) {
    const path = scrap(join(dataFolder, `import-${process.pid}-${round}.db`))
    const imported = await importInto(path, input)
    ours.push(imported.seconds)
    resident = imported.resident
    raw.push(await insertRaw(path, scrap(`${path}-raw.db`)))
  }
  const third = Math.floor(resident.length / 3)
  const peak = Math.max(...resident)
  const rate = (seconds: number) => ({ value: mode.imported / seconds, unit: '/s' as const })
  return [
    {
      what: 'import, with all rules and revisions',
      articles: mode.imported,
      promised: atLeast(0.25),
      unit: '×',
      measured: median(raw) / median(ours),
      ours: rate(median(ours)),
      other: { name: 'better-sqlite3, the same rows in one transaction', ...rate(median(raw)) },
    },
    {
      what: 'memory of the import at most',
      articles: mode.imported,
      unit: 'MiB',
      measured: peak,
      note: `${Math.round(Math.max(...resident.slice(0, third)))} MiB in its first third, ${Math.round(Math.max(...resident.slice(-third)))} MiB in its last; ${Math.round(resident.at(-1) ?? 0)} MiB at the end`,
    },
  ]
}

async function importInto(path: string, input: string): Promise<{ seconds: number; resident: number[] }> {
  const env = { ...process.env, WARTA_DATABASE: path }
  const args = ['bin/warta.js', 'import', input, '--create-missing', '--publish']
  const started = performance.now()
  const child = known(spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'ignore', 'inherit'] }))
  const resident: number[] = []
  const timer = setInterval(() => {
    const now = residentMiB(child.pid ?? 0)
    if (now > 0) resident.push(now)
  }, lookEveryMs)
  const [code] = await event(child, 'exit')
  clearInterval(timer)
  if (code !== 0) throw new Error(`The import ended with ${code}.`)
  // From the first moment of the process to its last: more than the import itself.
  return { seconds: (performance.now() - started) / 1_000, resident }
}

async function insertRaw(from: string, to: string): Promise<number> {
  const child = startOwn('raw.ts', [from, to])
  const [answer] = (await event(child, 'message')) as [{ seconds: number }]
  return answer.seconds
}
