/** The plot that the README shows: how far from each promise the figure is, to the better or to the worse. */
import { isKept, type Line } from './line.ts'
import { figure } from './table.ts'

const width = 860
const rowHeight = 24
const barHeight = 14
/** Where the promises stand, and how far bars go to each side. */
const middle = 520
const reach = 160
/** More than this is drawn as this: eight times what was promised. */
const mostDoublings = 3
const top = 74
/** Just on the promise is to be seen, too. */
const thinnest = 2

/** Light and dark pages show the same file, so it asks which of them it is on. */
const style = `
    text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .title { font-size: 15px; font-weight: 600 }
    .quiet, .axis { fill: #59636e; font-size: 12px }
    .line { stroke: #59636e }
    .grid { stroke: #d1d9e0 }
    .kept { fill: #1a7f8e }
    .missed { fill: #c4501b }
    @media (prefers-color-scheme: dark) {
      text { fill: #f0f6fc }
      .quiet, .axis { fill: #9198a1 }
      .line { stroke: #9198a1 }
      .grid { stroke: #3d444d }
      .kept { fill: #3cb4c4 }
      .missed { fill: #f0883e }
    }`

/** Lines that promise nothing are left out. */
export function drawSpeed(lines: readonly Line[]): string {
  const promised = lines.filter((line) => line.promised !== undefined)
  const height = top + promised.length * rowHeight + 20
  const kept = promised.filter(isKept).length
  const title = `Measured beside what was promised: ${kept} of ${promised.length} kept`
  const bottom = height - 16
  const grid = Array.from({ length: 2 * mostDoublings + 1 }, (_, i) => i - mostDoublings).map((doublings) => {
    const x = at(doublings)
    const times = 2 ** Math.abs(doublings)
    const label = doublings === 0 ? 'promised' : `${times} ×`
    const kind = doublings === 0 ? 'line' : 'grid'
    return `  <text class="axis" x="${x}" y="${top - 12}" text-anchor="middle">${label}</text>
  <line class="${kind}" x1="${x}" x2="${x}" y1="${top - 6}" y2="${bottom}"/>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
  <title>${title}</title>
  <style>${style}
  </style>
  <text class="title" x="8" y="22">${title}</text>
  <text class="quiet" x="${at(-mostDoublings)}" y="${top - 32}">← worse</text>
  <text class="quiet" x="${at(mostDoublings)}" y="${top - 32}" text-anchor="end">better →</text>
${grid.join('\n')}
${promised.map((line, i) => row(line, top + i * rowHeight)).join('\n')}
</svg>
`
}

function row(line: Line, y: number): string {
  const { what, articles, promised, measured, unit } = line
  if (promised === undefined) return ''
  const better = promised.sense === 'at least' ? measured / promised.figure : promised.figure / measured
  const doublings = Math.max(-mostDoublings, Math.min(mostDoublings, Math.log2(better)))
  const [from, to] = [middle, at(doublings)].sort((a, b) => a - b)
  const size = articles === undefined ? '' : `<tspan class="quiet"> · ${shortCount(articles)}</tspan>`
  const baseline = y + rowHeight / 2 + 5
  const sign = promised.sense === 'at least' ? '≥' : '≤'
  const bare = unit === 'packages' ? '' : ` ${unit}`
  return `  <text x="8" y="${baseline}">${escaped(what)}${size}</text>
  <rect class="${isKept(line) ? 'kept' : 'missed'}" x="${from}" y="${y + (rowHeight - barHeight) / 2}" width="${Math.max(thinnest, round((to ?? middle) - (from ?? middle)))}" height="${barHeight}" rx="2"/>
  <text x="${middle + reach + 14}" y="${baseline}">${figure(measured, unit)}<tspan class="quiet"> · ${sign} ${promised.figure}${bare}</tspan></text>`
}

function at(doublings: number): number {
  return round(middle + (doublings / mostDoublings) * reach)
}

function round(x: number): number {
  return Math.round(x * 10) / 10
}

function shortCount(articles: number): string {
  if (articles >= 1_000_000) return `${articles / 1_000_000} M`
  return articles >= 1_000 ? `${articles / 1_000} k` : String(articles)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
