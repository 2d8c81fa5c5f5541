import { type Role, roles } from '../access.ts'
import { StartError } from '../errors.ts'
import { createKey, getKeys, operator } from '../keys/keys.ts'
import { newSecret } from '../keys/secret.ts'
import { type Command, openStore, readArgs } from './context.ts'

export const keys: Command = {
  summary: 'make a key at the machine, for when the admin key is lost',
  options: 'keys create --name NAME --role ROLE | keys list | keys new [--database DATABASE]',
  async run(args) {
    const about =
      'create  makes a key and prints it once\nlist    lists the keys, without their secrets\nnew     prints a secret for WARTA_ADMIN_KEY and keeps nothing'
    const parsed = readArgs(keys.options, about, args, { name: { type: 'string' }, role: { type: 'string' } }, true)
    if (parsed === undefined) return
    const [action] = parsed.positionals
    if (action === 'new') console.log(newSecret())
    else if (action === 'create') await create(parsed.values)
    else if (action === 'list') await list(parsed.values)
    else throw new StartError(`keys does one of: ${keys.options}`)
  },
}

async function create(values: Record<string, unknown>): Promise<void> {
  const { name, role } = values
  if (typeof name !== 'string' || name.trim() === '')
    throw new StartError('--name is required: who or what holds the key.')
  if (!roles.includes(role as Role)) throw new StartError(`--role must be one of ${roles.join(', ')}.`)
  const { store } = await openStore(values)
  try {
    const input = { name: name.trim(), role: role as Role, expiresAt: null }
    const { secret } = await store.transact((db) => createKey(db, input, operator))
    console.log(secret)
  } finally {
    await store.close()
  }
}

async function list(values: Record<string, unknown>): Promise<void> {
  const { store } = await openStore(values)
  try {
    const { items } = await store.read((db) => getKeys(db, { limit: 1_000 }))
    for (const { hint, role, name, createdAt, revokedAt } of items) {
      console.log(`${hint}…  ${role.padEnd(7)}${createdAt}  ${revokedAt === null ? 'works  ' : 'revoked'}  ${name}`)
    }
  } finally {
    await store.close()
  }
}
