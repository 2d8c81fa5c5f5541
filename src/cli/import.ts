import { StartError } from '../errors.ts'
import { type ImportReport, openImport } from '../import/import.ts'
import { operator } from '../keys/keys.ts'
import { createRenderer } from '../markdown/renderer.ts'
import { createBar } from './bar.ts'
import { type Command, openStore, readArgs } from './context.ts'

const about = `Reads articles from files, while the service runs or not:
  .ndjson, .jsonl  one JSON object a line, with the fields of POST /v1/articles; sections, tags and sources by
                   id, slug or name. Also known: "text" (one page), "date" (publishedAt), "url" (where the piece
                   stands; the externalId when there is no other)
  .txt             a story as it was pasted
  .md              YAML front matter with the fields, then the body

An article whose externalId is known is changed; it is left as it is when nothing is new, or when somebody has
changed, published or unpublished it since it was imported. A record that cannot be taken is told with its line and does not stop the rest; the exit code is then 1.

  --create-missing   make sections, tags and sources that there are not
  --section NAME     section of records that name none
  --source NAME      source that the "url" of records belongs to; without it the host of the URL
  --publish          publish what was imported
  --overwrite        change also what somebody has changed since it was imported
  --dry-run          check everything, keep nothing`

export const importArticles: Command = {
  summary: 'bring in articles from NDJSON, .txt or .md files',
  options: 'import FILE… [--create-missing] [--section NAME] [--source NAME] [--publish] [--overwrite] [--dry-run]',
  async run(args) {
    const parsed = readArgs(importArticles.options, about, args, flags, true)
    if (parsed === undefined) return
    const { positionals, values } = parsed
    if (positionals.length === 0) throw new StartError('Name at least one file to import; --help tells more.')
    const { config, store } = await openStore(values)
    const renderer = createRenderer({ timeoutMs: config.renderTimeoutMs })
    const options = {
      store,
      renderer,
      actor: operator,
      lang: config.lang,
      createMissing: values['create-missing'] === true,
      publish: values.publish === true,
      dryRun: values['dry-run'] === true,
      overwrite: values.overwrite === true,
      section: values.section as string | undefined,
      source: values.source as string | undefined,
    }
    let failed = 0
    try {
      const importFile = await openImport(options)
      for (const path of positionals) {
        const bar = createBar()
        const started = performance.now()
        const report = await importFile(path, {
          progress: (so, share) => bar.draw(share, `${recordsOf(so)} records  ${path}`),
          failure: (place, reason) => bar.say(`${place}: ${reason}`),
        })
        bar.clear()
        console.log(summarise(path, report, performance.now() - started, options.dryRun))
        failed += report.failed
      }
    } finally {
      await renderer.close()
      await store.close()
    }
    if (failed > 0) process.exitCode = 1
  },
}

const flags = {
  'create-missing': { type: 'boolean' },
  section: { type: 'string' },
  source: { type: 'string' },
  publish: { type: 'boolean' },
  overwrite: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
} as const

function recordsOf({ created, updated, unchanged, failed }: ImportReport): number {
  return created + updated + unchanged + failed
}

function summarise(path: string, report: ImportReport, milliseconds: number, dryRun: boolean): string {
  const { created, updated, unchanged, kept, published, failed, made } = report
  const seconds = (milliseconds / 1_000).toFixed(1)
  const would = dryRun ? ' (dry run: nothing was kept)' : ''
  return `${path}: ${created} created, ${updated} updated, ${unchanged} unchanged, ${kept} kept as they were left, ${published} published, ${failed} failed; ${made} sections, tags and sources made; ${seconds} s${would}`
}
