/**
 * `npm run bench [-- reads | engines]`: what it prints are ratios, both sides measured in one run on this machine.
 * Loopback only, bounded in time, and it stops by itself.
 */
const [name = 'reads'] = process.argv.slice(2)
const benches: Record<string, () => Promise<unknown>> = {
  reads: () => import('./reads.ts'),
  engines: () => import('./engines.ts'),
}
const bench = benches[name]
if (bench === undefined) throw new Error(`There is no bench ${name}: ${Object.keys(benches).join(', ')}.`)
await bench()
