import { type Command, openStore, readArgs } from './context.ts'

export const migrate: Command = {
  summary: 'bring the database to the newest schema',
  options: 'migrate [--database DATABASE]',
  async run(args) {
    const parsed = readArgs(migrate.options, 'The service does the same when it starts.', args, {})
    if (parsed === undefined) return
    const { store, config } = await openStore(parsed.values)
    await store.close()
    const ran = store.migrated
    console.log(
      ran.length === 0 ? `${config.database.name} is up to date.` : `${config.database.name}: ran ${ran.join(', ')}.`,
    )
  },
}
