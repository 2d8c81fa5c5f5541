import type { Read } from '../../storage/store.ts'
import type { Name, Used } from './card.ts'
import { findNames } from './store.ts'

/** Of some 300 bytes each: all that a newsroom has, and of one that has more those that were read last. */
const mostNames = 20_000

/** What sections, tags and sources were called at one time. */
export class Names {
  private readonly known = new Map<string, Name>()
  private readonly unknown = { section: new Set<string>(), tag: new Set<string>(), source: new Set<string>() }

  get size(): number {
    return this.known.size
  }

  /** Undefined of what has to be learned first. */
  of(used: Used, id: string): Name | undefined {
    const name = this.known.get(id)
    if (name === undefined) this.unknown[used].add(id)
    return name
  }

  /** Reads what was asked for in vain, by one statement for each kind; answers whether there was anything. */
  async learn(db: Read): Promise<boolean> {
    const asked = Object.entries(this.unknown).flatMap(([used, ids]) =>
      ids.size === 0 ? [] : [[used as Used, [...ids]] as const],
    )
    for (const [used, ids, rows] of await findNames(db, asked)) {
      for (const id of ids) this.known.set(id, { key: `${used}:${id}`, json: undefined })
      for (const row of rows) this.known.set(row.id, { key: `${used}:${row.id}`, json: JSON.stringify(row) })
      for (const id of ids) this.unknown[used].delete(id)
    }
    return asked.length > 0
  }
}

/**
 * What was learned last, and when. The number is drawn anew whenever something may be called otherwise (`renamed`): as long
 * as it is the same, whoever reads would read the same; whatever database that is, since ids are drawn, too.
 */
let last = { when: 0, names: new Names() }

/** What all is called at the moment of a read that found this number. Whoever reads another moment meanwhile has their own. */
export function namesAt(when: number): Names {
  if (last.when !== when || last.names.size > mostNames) last = { when, names: new Names() }
  return last.names
}
