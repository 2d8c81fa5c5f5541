import t from 'tap'
import { sharedSecret } from '../../src/storage/secrets.ts'
import { testStore } from '../support/stores.ts'

t.test('a shared secret is 256 bits, made once, and the same for all who ask, also after a restart', async (t) => {
  const { store, database } = await testStore(t)
  const { store: other } = await testStore(t, { database })
  const asked = await Promise.all([store, other, store, other].map((one) => sharedSecret(one, 'cursors')))
  const [first] = asked
  t.equal(first?.length, 32)
  for (const secret of asked) t.same(secret, first)
  t.notSame(await sharedSecret(store, 'another'), first)
  await store.close()
  const { store: again } = await testStore(t, { database })
  t.same(await sharedSecret(again, 'cursors'), first)
})
