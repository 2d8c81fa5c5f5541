import { roles } from '../../../src/access.ts'
import type { Desk } from '../desk.ts'

/** Figures: who gets them, in which form, and that all that was asked before is counted alike. */
export async function measures(desk: Desk): Promise<void> {
  await desk.get('/metrics')
  for (const as of roles) await desk.get('/metrics', as)
  await desk.call('HEAD', '/metrics', { as: 'admin' })
  for (const accept of ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'text/*', 'application/json'])
    await desk.call('GET', '/metrics', { as: 'admin', headers: { accept } })
  await desk.call('GET', '/metrics', { as: 'admin', headers: { 'if-none-match': '*' } })
  await desk.post('/v1/tags', { name: 'Measured' })
  await desk.get('/v1/tags/measured')
  await desk.get('/metrics', 'admin')
}
