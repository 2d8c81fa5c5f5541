import type { Family } from '../lib/figures.ts'
import type { Cache } from './cache.ts'

/** What a cache tells of itself. */
export function cacheFamilies({ hits, misses, size, bytes }: Cache<unknown>): Family[] {
  const found = [
    { labels: { found: 'yes' }, value: hits },
    { labels: { found: 'no' }, value: misses },
  ]
  const one = (value: number) => [{ labels: {}, value }]
  return [
    {
      name: 'warta_cache_requests_total',
      help: 'Answers that were looked for among those that are kept.',
      type: 'counter',
      over: 'sum',
      samples: found,
    },
    { name: 'warta_cache_entries', help: 'Answers that are kept.', type: 'gauge', over: 'sum', samples: one(size) },
    { name: 'warta_cache_bytes', help: 'Memory that they take.', type: 'gauge', over: 'sum', samples: one(bytes) },
  ]
}
