import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { LoggedChange, Read } from '../../src/storage/store.ts'
import { Tail } from '../../src/storage/tail.ts'
import { gate } from '../support/stores.ts'

/** What a log is read through, with the test in between. */

function change(seq: number, id = `of-${seq}`): LoggedChange {
  const at = '2026-11-22T09:00:00.000Z'
  const empty = { previous: null, fields: [], tags: [], note: null }
  return { seq, at, entity: 'tag', kind: 'tag.created', id, version: 1, actor: 'tests', ...empty }
}

/** The three questions of a tail, answered from a list. */
function reader(log: readonly LoggedChange[]): Read {
  const answers: Record<string, (after: number) => unknown[]> = {
    'changes.last': () => [{ value: log.at(-1)?.seq ?? 0 }],
    'changes.newest': () => log.slice(-1),
    'changes.after': (after) => log.filter(({ seq }) => seq > after),
  }
  const prepared = (name: string) => async (inputs?: { seq: number }) => answers[name]?.(inputs?.seq ?? 0)
  return { tables: {}, prepared } as unknown as Read
}

/** A tail that never looks by itself, on a log that can be put in the place of another. */
function newTail(t: Test, ...log: LoggedChange[]) {
  const state = { log, looks: 0 }
  let hold: Promise<void> | undefined
  let reached = () => {}
  const read = async <T>(fn: (db: Read) => Promise<T>): Promise<T> => {
    state.looks += 1
    const value = await fn(reader(state.log))
    // What was read is of the moment before the wait, as with an answer that is long on its way.
    const waiting = hold
    hold = undefined
    reached()
    await waiting
    return value
  }
  const tail = new Tail(read, 3_600_000)
  t.teardown(() => tail.close())
  const heard: string[] = []
  const listener = (news: readonly LoggedChange[] | 'unknown') => {
    heard.push(...(news === 'unknown' ? ['unknown'] : news.map(({ id }) => id)))
  }
  /** Holds back the answer of the next read; resolves with how to let it through once it is under way. */
  const holdNext = async (begin: () => void) => {
    const [held, there] = [gate(), gate()]
    hold = held.opened
    reached = there.open
    begin()
    await there.opened
    return held.open
  }
  return { tail, state, heard, listener, holdNext }
}

const settled = () => sleep(20)

t.test('what was read before a second doubt is not believed', async (t) => {
  const { tail, state, heard, listener, holdNext } = newTail(t, change(1), change(2, 'lost'))
  await tail.follow(listener)
  await settled()
  t.equal(tail.known?.id, 'lost')
  state.log = [change(1), change(2, 'lost again'), change(3, 'lost too')]
  const let1 = await holdNext(() => tail.doubt())
  t.equal(tail.known, undefined, 'nothing is known while it is in doubt')
  state.log = [change(1), change(2, 'kept')]
  tail.doubt()
  let1()
  await settled()
  t.match(tail.known, { seq: 2, id: 'kept' })
  t.same(heard, ['unknown'], 'and it is told once')
  state.log = [...state.log, change(3, 'next')]
  tail.look()
  await settled()
  t.same(heard, ['unknown', 'next'])
})

t.test('a doubt in the middle of a look is told, and what was read meanwhile is not', async (t) => {
  const { tail, state, heard, listener, holdNext } = newTail(t, change(1))
  await tail.follow(listener)
  await settled()
  state.log = [change(1), change(2, 'lost')]
  const letThrough = await holdNext(() => tail.look())
  state.log = [change(1), change(2, 'kept')]
  tail.doubt()
  letThrough()
  await settled()
  t.same(heard, ['unknown'])
  t.equal(tail.known?.id, 'kept')
})

t.test('a log that went back without a doubt is told as unknown, and what is known goes back with it', async (t) => {
  const { tail, state, heard, listener } = newTail(t, change(1), change(2), change(3))
  await tail.follow(listener)
  await settled()
  state.log = [change(1)]
  tail.look()
  await settled()
  t.same(heard, ['unknown'])
  t.equal(tail.known?.seq, 1)
  state.log = [change(1), change(2, 'anew')]
  tail.look()
  await settled()
  t.same(heard, ['unknown', 'anew'], 'and it goes on from there')
  t.equal(tail.known?.id, 'anew')
})

t.test('it went back too where it lacks what this process has committed and not yet told', async (t) => {
  const { tail, state, heard, listener, holdNext } = newTail(t, change(1))
  await tail.follow(listener)
  await settled()
  const letThrough = await holdNext(() => tail.look())
  tail.heard(change(2))
  tail.saw(change(3))
  letThrough()
  await settled()
  t.equal(tail.known?.seq, 1, 'the log never had them')
  t.same(heard, ['unknown'])
  state.log = [change(1), change(2), change(3)]
  const late = await holdNext(() => tail.look())
  state.log = [...state.log, change(4)]
  tail.heard(change(4))
  late()
  await settled()
  t.equal(tail.known?.seq, 4, 'a commit during a look that began before it is no reason to doubt')
  t.same(heard, ['unknown', 'of-2', 'of-3', 'of-4'])
})

t.test('what is committed while a doubt is looked into stays known', async (t) => {
  const { tail, state, heard, listener, holdNext } = newTail(t, change(1))
  await tail.follow(listener)
  await settled()
  for (const doubt of [() => tail.doubt(), () => tail.forget()]) {
    const seq = state.log.length + 1
    const letThrough = await holdNext(doubt)
    t.equal(tail.known, undefined)
    state.log = [...state.log, change(seq)]
    tail.saw(change(seq))
    letThrough()
    await settled()
    t.equal(tail.known?.seq, seq)
  }
  tail.look()
  await settled()
  t.same(heard, ['unknown', 'of-2', 'of-3'], 'what a writer found is told when a reader finds it')
})

t.test('whoever begins to follow during a look misses nothing and hears nothing twice', async (t) => {
  for (const lasting of [false, true]) {
    const { tail, state, heard, listener, holdNext } = newTail(t, change(1))
    if (lasting) tail.start()
    await settled()
    const letThrough = await holdNext(() => tail.look())
    state.log = [change(1), change(2, 'before')]
    await tail.follow(listener)
    state.log = [...state.log, change(3, 'during')]
    letThrough()
    tail.look()
    await settled()
    t.same(heard, ['during'])
    const second: string[] = []
    const letSecond = await holdNext(() => tail.look())
    state.log = [...state.log, change(4, 'before the second')]
    await tail.follow((news) => news !== 'unknown' && second.push(...news.map(({ id }) => id)))
    state.log = [...state.log, change(5, 'last')]
    letSecond()
    tail.look()
    await settled()
    t.same(heard, ['during', 'before the second', 'last'])
    t.same(second, ['last'])
  }
})

t.test('whoever begins to follow while the server is replaced goes by the numbers of the new one', async (t) => {
  const { tail, state, heard, listener, holdNext } = newTail(t, change(1), change(2, 'lost'), change(3, 'lost too'))
  await tail.follow(() => {})
  await settled()
  let following: Promise<unknown> | undefined
  const letThrough = await holdNext(() => {
    following = tail.follow(listener)
  })
  state.log = [change(1)]
  tail.doubt()
  await settled()
  letThrough()
  await following
  state.log = [change(1), change(2, 'new'), change(3, 'newer')]
  tail.look()
  await settled()
  t.same(
    heard.filter((id) => id !== 'unknown'),
    ['new', 'newer'],
  )
})
