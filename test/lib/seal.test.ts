import fc from 'fast-check'
import t from 'tap'
import { seal, unseal } from '../../src/lib/seal.ts'
import '../support/chance.ts'

const secrets = { secret: 'warta_secret', salt: 'key', purpose: 'tests' }

t.test('what was sealed opens with the same secrets, and looks like nothing without', async (t) => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => unseal(seal(text, secrets), secrets) === text))
  const text = 'a text that is long enough to be found again'
  t.not(seal(text, secrets), seal(text, secrets), 'each time otherwise')
  t.notOk(Buffer.from(seal(text, secrets), 'base64').includes(text.slice(0, 8)))
})

t.test('with any other secret, or changed anywhere, it does not open', async (t) => {
  const sealed = seal('text', secrets)
  for (const other of [{ secret: 'x' }, { salt: 'x' }, { purpose: 'x' }])
    t.equal(unseal(sealed, { ...secrets, ...other }), undefined)
  const bytes = Buffer.from(sealed, 'base64')
  for (let i = 0; i < bytes.length; i += 1) {
    const changed = Buffer.from(bytes)
    changed[i] = (changed[i] ?? 0) ^ 1
    t.equal(unseal(changed.toString('base64'), secrets), undefined, `byte ${i}`)
    t.equal(unseal(bytes.subarray(0, i).toString('base64'), secrets), undefined, `cut at ${i}`)
  }
})
