/** Figures of a process as Prometheus reads them: https://prometheus.io/docs/instrumenting/exposition_formats/ (0.0.4). */

export interface Family {
  name: string
  help: string
  type: 'counter' | 'gauge' | 'histogram'
  /** what several processes make of it: gauges that are of the whole and not of a process take the highest */
  over: 'sum' | 'max'
  samples: Sample[]
}

export interface Sample {
  /** what a histogram adds to the name */
  suffix?: '' | '_bucket' | '_sum' | '_count'
  labels: Record<string, string>
  value: number
}

export const figuresType = 'text/plain; version=0.0.4; charset=utf-8'

/** Counts how often something took how long. */
export interface Histogram {
  /** upper bounds, in seconds, rising */
  bounds: readonly number[]
  /** for each bound what is not above it and above the one before; then the rest */
  counts: number[]
  sum: number
}

export function createHistogram(bounds: readonly number[]): Histogram {
  return { bounds, counts: new Array(bounds.length + 1).fill(0), sum: 0 }
}

export function measure(histogram: Histogram, seconds: number): void {
  const { bounds, counts } = histogram
  let i = 0
  while (seconds > (bounds[i] ?? Number.POSITIVE_INFINITY)) i += 1
  counts[i] = (counts[i] ?? 0) + 1
  histogram.sum += seconds
}

/** Its samples: buckets count all that is not above their bound. */
export function samplesOf({ bounds, counts, sum }: Histogram, labels: Record<string, string> = {}): Sample[] {
  let count = 0
  const buckets = counts.map((within, i): Sample => {
    count += within
    return { suffix: '_bucket', labels: { ...labels, le: String(bounds[i] ?? '+Inf') }, value: count }
  })
  return [...buckets, { suffix: '_sum', labels, value: sum }, { suffix: '_count', labels, value: count }]
}

/** The figures of several processes as those of one. */
export function addUp(processes: readonly (readonly Family[])[]): Family[] {
  const families = new Map<string, { family: Family; samples: Map<string, Sample> }>()
  for (const family of processes.flat()) {
    const sums = families.get(family.name) ?? { family, samples: new Map<string, Sample>() }
    families.set(family.name, sums)
    for (const sample of family.samples) {
      const key = nameOf(family, sample)
      const sum = sums.samples.get(key)
      if (sum === undefined) sums.samples.set(key, { ...sample })
      else if (family.over === 'sum') sum.value += sample.value
      else sum.value = Math.max(sum.value, sample.value)
    }
  }
  return Array.from(families.values(), ({ family, samples }) => ({ ...family, samples: [...samples.values()] }))
}

/** What stays of a process that is gone: whatever only counts up. */
export function countersOf(families: readonly Family[]): Family[] {
  return families.filter(({ type }) => type !== 'gauge')
}

export function pageOf(families: readonly Family[]): string {
  return families
    .map((family) => {
      const lines = family.samples.map((sample) => `${nameOf(family, sample)} ${sample.value}\n`)
      return `# HELP ${family.name} ${family.help}\n# TYPE ${family.name} ${family.type}\n${lines.join('')}`
    })
    .join('')
}

function nameOf({ name }: Family, { suffix = '', labels }: Sample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`)
  return `${name}${suffix}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`}`
}

function escaped(value: string): string {
  return value.replace(/[\\"\n]/g, (character) => (character === '\n' ? '\\n' : `\\${character}`))
}
