import { type DestinationStream, type Logger, pino, stdSerializers } from 'pino'
import type { Config } from './config.ts'

/** Keys stand in this header; nothing of it may reach a log. */
const redact = ['req.headers.authorization', 'headers.authorization', 'authorization', 'secret', '*.secret']

/** A key that went astray, into a path or a message, wherever it stands in a line; what is left of it is its hint. */
const stray = /(warta_[0-9A-Za-z]{4})[0-9A-Za-z]+/g

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
  return destination === undefined ? pino(options) : pino(options, destination)
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
