import type { FastifyInstance, FastifyRequest } from 'fastify'
import { createHistogram, type Family, type Histogram, measure, samplesOf } from '../lib/figures.ts'

/** What one process measures of itself. */
export interface Metrics {
  /**
   * Counts how a request ended, wherever its answer was made. `route` is a pattern and never a path, so that strangers
   * cannot make figures without end. Costs a tenth of a microsecond.
   */
  observe(route: string, method: string, status: number | 'broken', ms: number): void
  /** What else is in the figures: asked each time that somebody reads them. */
  include(source: () => Family[] | Promise<Family[]>): void
  collect(): Promise<Family[]>
  close(): void
}

/** Seconds: from an answer that lay ready to the longest that a request may take; the promise of 50 ms is among them. */
const durations = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** Seconds: what nobody notices, what we promise (50 ms), and what must never be (250 ms). */
const delays = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1]

/** Often enough that no stop of the promised 50 ms falls between two looks; a look takes a microsecond. */
const lookMs = 20

interface Answers {
  /** by the first digit of the status; at 0 those that were not sent to their end */
  counts: number[]
  durations: Histogram
}

export function createMetrics(): Metrics {
  const routes = new Map<string, Map<string, Answers>>()
  const sources: (() => Family[] | Promise<Family[]>)[] = []
  const loop = createHistogram(delays)
  let timer: NodeJS.Timeout | undefined

  const begin = (route: string, method: string): Answers => {
    const answers = { counts: [0, 0, 0, 0, 0, 0], durations: createHistogram(durations) }
    routes.set(route, (routes.get(route) ?? new Map()).set(method, answers))
    return answers
  }

  /** From the first reader on: where nobody looks, nothing is measured for them. */
  const watchLoop = (): void => {
    let due = performance.now() + lookMs
    timer ??= setInterval(() => {
      const now = performance.now()
      measure(loop, Math.max(0, now - due) / 1_000)
      due = now + lookMs
    }, lookMs).unref()
  }

  return {
    observe(route, method, status, ms) {
      const answers = routes.get(route)?.get(method) ?? begin(route, method)
      const digit = status === 'broken' ? 0 : Math.trunc(status / 100)
      answers.counts[digit] = (answers.counts[digit] ?? 0) + 1
      // How long they waited who have left says nothing of us.
      if (digit > 0) measure(answers.durations, ms / 1_000)
    },
    include(source) {
      sources.push(source)
    },
    async collect() {
      const included = await Promise.all(sources.map((source) => source()))
      const families = [...answered(routes), ...included.flat(), ...processFamilies(loop)]
      watchLoop()
      return families
    },
    close() {
      clearInterval(timer)
    },
  }
}

function answered(routes: ReadonlyMap<string, ReadonlyMap<string, Answers>>): Family[] {
  const requests: Family = {
    name: 'warta_http_requests_total',
    help: 'Requests, by the pattern of their route and by how they ended.',
    type: 'counter',
    over: 'sum',
    samples: [],
  }
  const took: Family = {
    name: 'warta_http_request_duration_seconds',
    help: 'From the headers of a request to the end of its answer, of those that were sent to their end.',
    type: 'histogram',
    over: 'sum',
    samples: [],
  }
  for (const [route, methods] of routes) {
    for (const [method, { counts, durations }] of methods) {
      for (const [digit, value] of counts.entries()) {
        const status = digit === 0 ? 'broken' : `${digit}xx`
        if (value > 0) requests.samples.push({ labels: { method, route, status }, value })
      }
      took.samples.push(...samplesOf(durations, { method, route }))
    }
  }
  return [requests, took]
}

/** By the names that Prometheus’ own client libraries use, where there are such. */
function processFamilies(loop: Histogram): Family[] {
  const { user, system } = process.cpuUsage()
  const { rss, heapUsed } = process.memoryUsage()
  const one = (value: number) => [{ labels: {}, value }]
  return [
    {
      name: 'warta_event_loop_delay_seconds',
      help: `How much later than it was due a timer of ${lookMs} ms ran, since these figures were first asked for.`,
      type: 'histogram',
      over: 'sum',
      samples: samplesOf(loop),
    },
    {
      name: 'warta_processes',
      help: 'Processes whose figures are added up here.',
      type: 'gauge',
      over: 'sum',
      samples: one(1),
    },
    {
      name: 'process_cpu_seconds_total',
      help: 'User and system CPU time.',
      type: 'counter',
      over: 'sum',
      samples: one((user + system) / 1_000_000),
    },
    { name: 'process_resident_memory_bytes', help: 'Resident memory.', type: 'gauge', over: 'sum', samples: one(rss) },
    {
      name: 'nodejs_heap_size_used_bytes',
      help: 'Memory that JavaScript uses.',
      type: 'gauge',
      over: 'sum',
      samples: one(heapUsed),
    },
  ]
}

declare module 'fastify' {
  interface FastifyInstance {
    metrics: Metrics
  }
}

/** Where every process counts what it does. */
export function useMetrics(app: FastifyInstance): void {
  const metrics = createMetrics()
  app.decorate('metrics', metrics)
  app.addHook('onClose', async () => metrics.close())
}

/** The pattern; of what has no route of its own (404, 405, OPTIONS) no more than that. */
export function routeOf({ routeOptions }: FastifyRequest): string {
  const { url, config } = routeOptions
  return url === undefined || config.aside === true ? 'other' : url
}
