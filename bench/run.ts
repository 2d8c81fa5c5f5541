/**
 * `npm run bench [-- --quick] [--only reads,growth,…] [--build] [--readme]`: every promise about speed as a ratio, both
 * sides measured in one run on this machine. `npm run bench -- engines` compares the two engines, and
 * `npm run bench -- search [--stories FILE]` judges what search finds before it measures how fast that is.
 * Loopback only, bounded in time, and it stops by itself.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { dataOf, removeLeftovers } from './data.ts'
import type { Line } from './line.ts'
import { modes } from './measure.ts'
import { drawSpeed } from './plot.ts'
import { root, tidy } from './processes.ts'
import { groups } from './promises.ts'
import { keepResults, machine, type Results, readResults, resultsFolder } from './results.ts'
import { latenciesOf, machineOf, tableOf, withFigures } from './table.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    build: { type: 'boolean', default: false },
    readme: { type: 'boolean', default: false },
    stories: { type: 'string' },
  },
})
const mode = values.quick ? modes.quick : modes.full
const names = values.only?.split(',') ?? Object.keys(groups)
for (const name of names) {
  if (groups[name] === undefined) throw new Error(`There is no group ${name}: ${Object.keys(groups).join(', ')}.`)
}

removeLeftovers()
try {
  if (positionals[0] === 'engines') await (await import('./engines.ts')).engines(mode)
  else if (positionals[0] === 'search') {
    await (await import('./search.ts')).searchQuality(values.stories)
    await measure(['search'])
  } else if (positionals.length > 0) throw new Error(`There is no bench ${positionals[0]}: engines, search, or none.`)
  else if (values.build) for (const articles of [mode.small, mode.middle, mode.large]) await dataOf(articles)
  else if (values.readme) fillReadme()
  else await measure(names)
} finally {
  tidy()
}

async function measure(names: readonly string[]): Promise<void> {
  const command = `npm run bench${values.quick ? ' -- --quick' : ''}`
  const results: Results = { command, machine: machine(), groups: {} }
  for (const name of names) {
    const started = performance.now()
    const lines = await linesOf(name)
    results.groups[name] = { at: new Date().toISOString(), lines }
    console.error(`${name}: ${Math.round((performance.now() - started) / 1_000)} s`)
    if (lines.length > 0) console.log(`\n${tableOf(lines)}\n`)
    // Each at once, so that an interrupted run loses one group at most.
    keepResults(mode.name, results, Object.keys(groups))
  }
  const lines = Object.values(results.groups).flatMap((group) => group.lines)
  console.log(`${machineOf(results)}\n\n${tableOf(lines)}\n\n${latenciesOf(lines)}`)
  draw()
}

/** What cannot be measured is told, stops none of the others, and leaves no figures of before in its place. */
async function linesOf(name: string): Promise<Line[]> {
  try {
    return (await groups[name]?.(mode)) ?? []
  } catch (error) {
    console.error(`${name}: could not be measured.`, error)
    process.exitCode = 1
    tidy()
    return []
  }
}

function draw(): void {
  const results = readResults(mode.name)
  // The README shows the full run, or the quick one when it is asked to.
  if (results !== undefined && (mode.name === 'full' || values.readme)) {
    writeFileSync(
      join(resultsFolder, 'speed.svg'),
      drawSpeed(Object.values(results.groups).flatMap(({ lines }) => lines)),
    )
  }
}

function fillReadme(): void {
  const results = readResults(mode.name)
  if (results === undefined) throw new Error('There are no figures yet: npm run bench makes them.')
  draw()
  const readme = new URL('README.md', root)
  writeFileSync(readme, withFigures(readFileSync(readme, 'utf8'), results))
}
