/** Figures as a strict reader of Prometheus' text format takes them: https://prometheus.io/docs/instrumenting/exposition_formats/ */

export interface ReadFamily {
  type: string
  help: string
  /** by name and labels as they stand */
  samples: Map<string, number>
}

const sample =
  /^([a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\[\\"n])*",?)+\})?) (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/

/** @throws where a line is none of the format, or stands where it may not */
export function readFigures(page: string): Map<string, ReadFamily> {
  const families = new Map<string, ReadFamily>()
  let name = ''
  let family: ReadFamily | undefined
  if (!page.endsWith('\n')) throw new Error('The last line does not end.')
  for (const line of page.slice(0, -1).split('\n')) {
    const [, helped = '', help = ''] = /^# HELP (\S+) (.+)$/.exec(line) ?? []
    const [, typed = '', type = ''] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? []
    const [, series = '', value = ''] = sample.exec(line) ?? []
    if (helped !== '') {
      if (families.has(helped)) throw new Error(`${helped} comes twice.`)
      name = helped
      family = { type: '', help, samples: new Map() }
      families.set(name, family)
    } else if (typed !== '' && typed === name && family?.samples.size === 0) family.type = type
    else if (family !== undefined && isOf(series, name, family.type) && !family.samples.has(series))
      family.samples.set(series, Number(value))
    else throw new Error(`Not in its place: ${line}`)
  }
  return families
}

function isOf(series: string, name: string, type: string): boolean {
  const own = series.replace(/\{.*/, '')
  if (type === 'histogram') return [`${name}_bucket`, `${name}_sum`, `${name}_count`].includes(own)
  return type !== '' && own === name
}

/** The value of a series, by its name and labels as they stand. */
export function figureOf(page: string, series: string): number | undefined {
  for (const { samples } of readFigures(page).values()) if (samples.has(series)) return samples.get(series)
  return undefined
}
