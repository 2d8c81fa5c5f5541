import { join } from 'node:path'
import t from 'tap'
import { importersOf } from './support/importers.ts'

/** Made-up files, and whether each of them loads `target.ts`. */
const examples: Record<string, { text: string; loads: boolean }> = {
  'directly.test.ts': { text: "import { a } from './target.ts'\n", loads: true },
  'by-another.test.ts': { text: "import t from 'tap'\nimport { b } from './support/between.ts'\n", loads: true },
  'on-many-lines.test.ts': { text: "import {\n  a,\n  type B,\n} from './target.ts'\n", loads: true },
  'for-its-effect.test.ts': { text: "import './target.ts'\n", loads: true },
  'exported-again.test.ts': { text: "export { a } from './target.ts'\n", loads: true },
  'all-exported.test.ts': { text: "export * from './target.ts'\n", loads: true },
  'of-a-ring.test.ts': { text: "import './support/ring-one.ts'\n", loads: true },
  'of-an-idle-ring.test.ts': { text: "import './support/idle-one.ts'\n", loads: false },
  'type-alone.test.ts': { text: "import type { A } from './target.ts'\n", loads: false },
  'type-exported.test.ts': { text: "export type { A } from './target.ts'\n", loads: false },
  'in-words.test.ts': { text: "// As ./target.ts does, this would import './target.ts'.\n", loads: false },
  'of-another-name.test.ts': { text: "import { a } from './support/target.ts'\n", loads: false },
  'of-a-package.test.ts': { text: "import { a } from 'target.ts'\n", loads: false },
  'of-nothing-there.test.ts': { text: "import { a } from './gone.ts'\n", loads: false },
  'empty.test.ts': { text: '', loads: false },
}

const support = {
  'between.ts': "export { b } from '../deeper.ts'\n",
  'target.ts': 'export const a = 1\n',
  'ring-one.ts': "import './ring-two.ts'\n",
  'ring-two.ts': "import './ring-one.ts'\nimport '../target.ts'\n",
  'idle-one.ts': "import './idle-two.ts'\n",
  'idle-two.ts': "import './idle-one.ts'\n",
}

t.test('what loads a file is found, however many files lie between, and nothing else is', async (t) => {
  const folder = t.testdir({
    ...Object.fromEntries(Object.entries(examples).map(([name, { text }]) => [name, text])),
    'deeper.ts': "import { a } from './target.ts'\nexport const b = a\n",
    'target.ts': 'export const a = 1\nexport type A = number\n',
    support,
  })
  const target = join(folder, 'target.ts')
  for (const [name, { loads }] of Object.entries(examples)) {
    const path = join(folder, name)
    t.same(importersOf(target, [path]), loads ? [path] : [], name)
  }
  const paths = Object.keys(examples).map((name) => join(folder, name))
  const wanted = paths.filter((_, i) => Object.values(examples)[i]?.loads)
  t.same(importersOf(target, paths), wanted, 'all at once, in the order in which they were named')
  t.same(importersOf(join(folder, 'none.ts'), paths), [], 'a file that nobody loads')
})

t.test('a ring of imports is seen through from each of its files', async (t) => {
  const folder = t.testdir({ 'target.ts': '', support })
  const [one, two] = ['ring-one.ts', 'ring-two.ts'].map((name) => join(folder, 'support', name))
  for (const files of [
    [one, two],
    [two, one],
  ] as string[][])
    t.same(importersOf(join(folder, 'target.ts'), files), files)
})
