import type { FastifyBaseLogger } from 'fastify'
import { pino, stdSerializers } from 'pino'
import type { Config } from './config.ts'

/** Keys stand in this header; nothing of it may reach a log. */
const redact = ['req.headers.authorization', 'headers.authorization', 'authorization', 'secret', '*.secret']

/** One line of JSON an event, or, on a terminal that has pino-pretty (a development dependency), lines for people. */
export function createLog({ level, format }: Config['log']): FastifyBaseLogger {
  const options = {
    level,
    redact,
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
  return pino(options)
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name)
    return true
  } catch {
    return false
  }
}
