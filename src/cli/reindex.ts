import {
  beginReindexing,
  countAllCopies,
  findFaults,
  type IndexPosition,
  isIndexed,
  reindexSome,
} from '../articles/search/reindexing.ts'
import { StartError } from '../errors.ts'
import { createBar } from './bar.ts'
import { type Command, openStore, readArgs } from './context.ts'

/** Some tens of milliseconds of work, between which a service beside it writes. */
const copiesAtOnce = 100

export const reindex: Command = {
  summary: 'make anew what search finds, or check it',
  options: 'reindex [--check] [--database DATABASE]',
  async run(args) {
    const about =
      'The service does the same when it has to. Beside it searches are refused until this has finished.\n--check  says whether all is indexed, and changes nothing'
    const parsed = readArgs(reindex.options, about, args, { check: { type: 'boolean' } })
    if (parsed === undefined) return
    const { store, config } = await openStore(parsed.values)
    const bar = createBar()
    try {
      if (parsed.values.check === true) {
        const isWhole = await store.read(isIndexed)
        const faults = isWhole
          ? await store.read(findFaults, { beside: true, lasting: true })
          : ['not everything is indexed yet']
        if (faults.length > 0) throw new StartError(`${config.database.name}: ${faults.join('; ')}.`)
        console.log(`${config.database.name}: everything is indexed.`)
        return
      }
      const started = performance.now()
      const copies = await store.read(countAllCopies)
      let done = 0
      let position = await store.transact((db) => beginReindexing(db, true))
      while (position !== undefined) {
        const from: IndexPosition = position
        const next = await store.transact((db) => reindexSome(db, from, copiesAtOnce))
        if (next === 'overtaken') throw new StartError('Another process has begun to index everything anew.')
        position = next === 'done' ? undefined : next
        if (from.step === 'copies') done += copiesAtOnce
        bar.draw(Math.min(1, done / Math.max(1, copies)), `${Math.min(done, copies)} of ${copies}`)
      }
      bar.clear()
      const seconds = ((performance.now() - started) / 1_000).toFixed(1)
      console.log(`${config.database.name}: ${copies} copies of articles indexed in ${seconds} s.`)
    } finally {
      bar.clear()
      await store.close()
    }
  },
}
