import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'
import type { Config } from './config.ts'
import { systemClock } from './lib/clock.ts'

/** Keys stand in this header; nothing of it may reach a log. */
const redact = ['req.headers.authorization', 'headers.authorization', 'authorization', 'secret', '*.secret']

/** A key that went astray, into a path or a message, wherever it stands in a line; what is left of it is its hint. */
const stray = /(warta_[0-9A-Za-z]{4})[0-9A-Za-z]+/g

/** Lines are written together, one call of the system for some eighty of them; none is kept back for long. */
const bufferedBytes = 16_000
const flushMs = 200

/**
 * One line of JSON an event, or, on a terminal that has pino-pretty (a development dependency), lines for people.
 * @param destination takes the lines instead of standard output
 */
export function createLog({ level, format }: Config['log'], destination?: DestinationStream): Logger {
  const options = {
    level,
    redact,
    hooks: { streamWrite: (line: string) => line.replace(stray, '$1…') },
    serializers: {
      err: stdSerializers.err,
      // The path alone: a query may hold what somebody searched for, or a key that went astray.
      req: (request: { method: string; url: string }) => ({
        method: request.method,
        path: request.url.replace(/\?.*/s, ''),
      }),
      res: (reply: { statusCode: number }) => ({ status: reply.statusCode }),
    },
  }
  if (format === 'pretty' && isInstalled('pino-pretty')) {
    return pino({
      ...options,
      transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname', translateTime: 'SYS:HH:MM:ss' } },
    })
  }
  return pino(options, destination ?? standardOutput())
}

/**
 * What happens is told at once; requests, of which there are thousands, may wait for one another. They wait as bytes: some
 * eighty lines as one string are a thousand pieces, and to make bytes of those took a tenth of an answer out of memory.
 */
function standardOutput(): Stream {
  const bytes = { contentMode: 'buffer' as const }
  const output = pino.destination({ dest: 1, sync: false, minLength: bufferedBytes, periodicFlush: flushMs, ...bytes })
  const writeLater = (line: string) => void output.write(Buffer.from(line) as unknown as string)
  return {
    write(line) {
      writeLater(line)
      output.flush()
    },
    writeLater,
  }
}

interface Stream extends DestinationStream {
  writeLater?(line: string): void
}

/** One request, when it is over. */
export interface RequestLine {
  id: string
  method: string
  /** the path and the query, of which the path alone is written: somebody's search, or a key, may stand in the rest */
  url: string
  status: number
  from: string | undefined
  /** id of the key that it came with */
  key?: string | undefined
  ms: number
  /** It was not sent to its end: its reader had left, or it broke off. */
  broken?: boolean
}

/**
 * Writes what pino would, at level info, in a third of the time: with hundreds of thousands of answers a minute out of
 * memory, most of what one costs is the line about it.
 */
export function requestLog(log: Logger): (line: RequestLine) => void {
  if (!log.isLevelEnabled('info')) return () => {}
  const stream = (log as unknown as Record<symbol, Stream>)[pino.symbols.streamSym]
  const write = (line: string): void =>
    stream?.writeLater === undefined ? stream?.write(line) : stream.writeLater(line)
  const bindings = (log as unknown as Record<symbol, string>)[pino.symbols.chindingsSym]
  return ({ id, method, url, status, from, key, ms, broken = false }) => {
    const query = url.indexOf('?')
    const path = JSON.stringify(query < 0 ? url : url.slice(0, query))
    const who = `"from":${JSON.stringify(from ?? null)}${key === undefined ? '' : `,"key":"${key}"`}`
    const line = `{"level":30,"time":${systemClock.now()}${bindings},"reqId":"${id}","req":{"method":"${method}","path":${path}},"res":{"status":${status}}${broken ? ',"broken":true' : ''},${who},"ms":${ms.toFixed(1)},"msg":"request"}\n`
    write(line.includes('warta_') ? line.replace(stray, '$1…') : line)
  }
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
