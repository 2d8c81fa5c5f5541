/**
 * The load, in a process of its own: what it is sent to do it does, and answers with what it measured. `most` asks as fast
 * as answers come, by autocannon; `steady` asks so many times a second, however long the answers take.
 */
import { Agent, get } from 'node:http'
import autocannon from 'autocannon'

export interface Most {
  /** `once` asks for each path once, however long that takes; nothing is measured then */
  kind: 'most' | 'once'
  origin: string
  /** each connection has its share of them to itself, and asks them in turn */
  paths: string[]
  connections: number
  warmMs: number
  ms: number
  /** each connection changes the thing of its own path, to something new each time */
  write?: { headers: Record<string, string> }
}

export interface Steady {
  kind: 'steady'
  origin: string
  paths: string[]
  perSecond: number
  warmMs: number
  ms: number
}

export interface Measured {
  /** answers a second */
  rate: number
  /** ms */
  p50: number
  p99: number
  /** all answers, those of warming up too */
  answers: number
}

/** What a client may wait for an answer before the run fails: an answer of the heaviest kind at a million articles. */
const timeoutSeconds = 30

/**
 * Requests on one connection. A server that limits them says so with `Connection: close`, which autocannon does not hear:
 * it would go on and get 503, so it is made to connect anew below any usual limit.
 */
const perSocket = 900

process.on('message', (job: (Most | Steady) & { number: number }) => {
  const work = job.kind === 'steady' ? steady(job) : most(job)
  work.then(
    (measured) => process.send?.({ number: job.number, measured }),
    (error: Error) => process.send?.({ number: job.number, failed: error.message }),
  )
})
process.once('disconnect', () => process.exit())

async function most({ kind, origin, paths, connections, warmMs, ms, write }: Most): Promise<Measured> {
  const times: number[] = []
  let answers = 0
  let wrong: string | undefined
  let clients = 0
  let save = 0
  const options: autocannon.Options = {
    url: origin,
    connections,
    ...(kind === 'once' ? { amount: paths.length } : { duration: (warmMs + ms) / 1_000 }),
    // How often it looks whether its time is over.
    sampleInt: 50,
    timeout: timeoutSeconds,
    reconnectRate: perSocket,
    setupClient: (client) => {
      const own = paths.filter((_, i) => i % connections === clients % connections)
      const asked = own.length > 0 ? own : paths
      clients += 1
      client.setRequests(
        asked.map((path) => ({ ...(write === undefined ? { path } : change(path, write.headers)), onResponse })),
      )
    },
  }
  function onResponse(status: number, body: string): void {
    if (status !== 200) wrong ??= `${status} ${body}`
  }
  function change(path: string, headers: Record<string, string>) {
    // The first is built before it is asked for.
    const setupRequest = (request: autocannon.Request) => ({
      ...request,
      method: 'PATCH' as const,
      headers: { ...headers, 'content-type': 'application/merge-patch+json', 'if-match': '*' },
      body: JSON.stringify({ kicker: `Save ${save++} of ${process.pid}` }),
    })
    return { path, setupRequest }
  }
  const begins = performance.now() + warmMs
  const ends = begins + ms
  const { errors, non2xx } = await new Promise<autocannon.Result>((resolve, reject) => {
    const run = autocannon(options, (error, result) => (error ? reject(error) : resolve(result)))
    run.on('response', (_client, _status, _bytes, time) => {
      answers += 1
      const now = performance.now()
      if (now >= begins && now < ends) times.push(time)
    })
  })
  if (errors + non2xx > 0 || wrong !== undefined) {
    throw new Error(`${origin}${paths[0]}: ${non2xx} answers were not 2xx, ${errors} failed; ${wrong ?? ''}`)
  }
  return { rate: times.length / (ms / 1_000), ...percentiles(times), answers }
}

async function steady({ origin, paths, perSecond, warmMs, ms }: Steady): Promise<Measured> {
  // Enough that a request never waits for a connection.
  const agent = new Agent({ keepAlive: true, maxSockets: 256 })
  const times: number[] = []
  const under: Promise<void>[] = []
  let failed: Error | undefined
  const started = performance.now()
  for (let i = 0; ; i += 1) {
    const due = started + (i * 1_000) / perSecond
    if (due > started + warmMs + ms) break
    const early = due - performance.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    const path = paths[i % paths.length] ?? '/'
    // From when it was to be sent, so that what waits behind a slow answer is counted as well.
    const answered = () => void (due >= started + warmMs && times.push(performance.now() - due))
    const missed = (error: Error) => {
      failed ??= error
    }
    under.push(ask(origin + path, agent).then(answered, missed))
  }
  await Promise.all(under)
  agent.destroy()
  if (failed !== undefined) throw failed
  return { rate: times.length / (ms / 1_000), ...percentiles(times), answers: under.length }
}

function ask(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, timeout: timeoutSeconds * 1_000 }, (response) => {
      response.resume()
      response.once('error', reject)
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`))
      response.once('end', resolve)
    })
    request.once('timeout', () => request.destroy(new Error(`${url} did not answer`)))
    request.once('error', reject)
  })
}

function percentiles(times: number[]): { p50: number; p99: number } {
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}
