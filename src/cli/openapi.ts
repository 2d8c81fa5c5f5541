import { readFileSync, writeFileSync } from 'node:fs'
import { buildApp } from '../app.ts'
import { loadConfig } from '../config.ts'
import { StartError } from '../errors.ts'
import { documentOf } from '../http/openapi.ts'
import { systemClock } from '../lib/clock.ts'
import { createLog } from '../log.ts'
import { createRenderer } from '../markdown/renderer.ts'
import type { Store } from '../storage/store.ts'
import { type Command, readArgs } from './context.ts'

export const openapi: Command = {
  summary: 'print the OpenAPI document, write it, or check the committed one',
  options: 'openapi [--out FILE | --check FILE]',
  async run(args) {
    const parsed = readArgs(openapi.options, 'Needs no database.', args, {
      out: { type: 'string' },
      check: { type: 'string' },
    })
    if (parsed === undefined) return
    const { out, check } = parsed.values as { out?: string; check?: string }
    const document = await makeDocument()
    if (check !== undefined) {
      const committed = onDisk(check, () => readFileSync(check, 'utf8'))
      if (committed !== document)
        throw new StartError(`${check} is not what is served: npm run openapi writes it anew.`)
      console.log(`${check} is what is served.`)
    } else if (out !== undefined) onDisk(out, () => writeFileSync(out, document))
    else process.stdout.write(document)
  },
}

function onDisk<T>(path: string, act: () => T): T {
  try {
    return act()
  } catch (error) {
    throw new StartError(`${path}: ${(error as Error).message}.`)
  }
}

/** The document of the routes as they are, in the form that is committed. */
export async function makeDocument(): Promise<string> {
  const { config } = loadConfig({ WARTA_CACHE: '0' }, {}, false)
  const log = createLog({ level: 'silent', format: 'json' })
  const app = await buildApp({
    config,
    store: nowhere,
    renderer: createRenderer({ timeoutMs: config.renderTimeoutMs }),
    log,
    clock: systemClock,
    secret: Buffer.alloc(32),
  })
  await app.ready()
  const document = `${JSON.stringify(documentOf(app), null, 2)}\n`
  await app.close()
  return document
}

const refuse = async (): Promise<never> => {
  throw new Error('The document is made without a database.')
}
const nowhere: Store = {
  read: refuse,
  transact: refuse,
  follow: refuse,
  isCurrent: () => false,
  catchUp: refuse,
  writable: refuse,
  close: async () => {},
}
