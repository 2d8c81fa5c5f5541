import cluster from 'node:cluster'
import { type Command, readArgs, readSettings } from './context.ts'

export const serve: Command = {
  summary: 'start the service',
  options: 'serve [--host ADDRESS] [--port PORT] [--database DATABASE]',
  async run(args) {
    const parsed = readArgs(serve.options, 'Starts the service; makes and migrates the database when needed.', args, {})
    if (parsed === undefined) return
    const settings = readSettings(parsed.values)
    // Each kind of process loads what it needs: the one that looks after workers is small.
    if (settings.config.workers === 1) await (await import('./serve/alone.ts')).serveAlone(settings)
    else if (cluster.isPrimary) await (await import('./serve/primary.ts')).serveByWorkers(settings)
    else await (await import('./serve/worker.ts')).serveAsWorker(settings)
  },
}
