/** What is kept, with all that decides how long. */
export interface Entry<Value> {
  readonly value: Value
  /** in ms since the epoch: when it was made; before, should the clock be set back, it may have been another */
  readonly from: number
  /** in ms since the epoch: when it ends by itself */
  readonly until: number
  /** by which it is found */
  readonly names: string[]
  readonly keys: ReadonlySet<string>
  bytes: number
  /** found since it was last looked at for making room */
  used: boolean
  gone: boolean
}

/** A moment in the life of the cache: what is made of a read that began then may be kept if nothing touched it since. */
export type Moment = number

/** As many rounds of changes as may come while one answer is made; one that was begun longer ago is not kept. */
const rememberedDrops = 1_024

/** What an entry costs beside its bytes: a name or a key is a string of some 50 characters in one or two maps. */
const nameBytes = 200

/** One answer does not push out all others. */
const largestShare = 1 / 16

/**
 * Values by name, at most so many bytes of them. Each knows the keys of what it was made from; a change drops exactly those
 * that have one of its keys. When room is needed, what was not found for the longest time goes first (second chance).
 */
export class Cache<Value> {
  readonly mostBytes: number
  hits = 0
  misses = 0
  bytes = 0
  private readonly entries = new Set<Entry<Value>>()
  private readonly byName = new Map<string, Entry<Value>>()
  private readonly byKey = new Map<string, Set<Entry<Value>>>()
  /** the last rounds of dropped keys; undefined is everything */
  private readonly drops: (ReadonlySet<string> | undefined)[] = []
  private moment: Moment = 0

  constructor(mostBytes: number) {
    this.mostBytes = mostBytes
  }

  get size(): number {
    return this.entries.size
  }

  /** Whether it is worth looking for. */
  has(name: string): boolean {
    return this.byName.has(name)
  }

  /** @param now in ms since the epoch */
  find(name: string, now: number): Entry<Value> | undefined {
    const entry = this.peek(name, now)
    if (entry === undefined) this.misses += 1
    else this.hits += 1
    return entry
  }

  /** The same, not counted: for whoever looks again by another name when it will not do. */
  peek(name: string, now: number): Entry<Value> | undefined {
    const entry = this.byName.get(name)
    if (entry !== undefined && entry.from <= now && now < entry.until) {
      entry.used = true
      return entry
    }
    if (entry !== undefined) this.remove(entry)
    return undefined
  }

  /** What was peeked at was answered. */
  countHit(): void {
    this.hits += 1
  }

  /** Before the read begins whose answer may be kept. */
  begin(): Moment {
    return this.moment
  }

  /**
   * Keeps what was made of a read that began at `since`; undefined when something that it was made from was touched since,
   * when it is too large, or when it has ended already.
   */
  keep(
    name: string,
    made: { value: Value; bytes: number; keys: ReadonlySet<string>; until: number },
    since: Moment,
    now: number,
  ): Entry<Value> | undefined {
    const { value, keys, until } = made
    if (until <= now || this.wasTouched(keys, since)) return undefined
    const bytes = made.bytes + nameBytes * (keys.size + 1)
    if (bytes > this.mostBytes * largestShare) return undefined
    const before = this.byName.get(name)
    if (before !== undefined) this.remove(before)
    const entry: Entry<Value> = { value, from: now, until, names: [], keys, bytes, used: false, gone: false }
    this.entries.add(entry)
    this.bytes += bytes
    this.name(entry, name)
    for (const key of keys) {
      const others = this.byKey.get(key)
      if (others === undefined) this.byKey.set(key, new Set([entry]))
      else others.add(entry)
    }
    this.makeRoom()
    return entry.gone ? undefined : entry
  }

  /** Another name under which it is found from now on. */
  alsoCall(entry: Entry<Value>, name: string): void {
    if (entry.gone || this.byName.has(name)) return
    this.name(entry, name)
    this.grow(entry, nameBytes + name.length)
  }

  /** What belongs to an entry has become more. */
  grow(entry: Entry<Value>, bytes: number): void {
    if (entry.gone) return
    entry.bytes += bytes
    this.bytes += bytes
    this.makeRoom()
  }

  /** Drops what has one of these keys, and refuses what is being made of it. */
  drop(keys: ReadonlySet<string>): void {
    this.remember(keys)
    for (const key of keys) for (const entry of this.byKey.get(key) ?? []) this.remove(entry)
  }

  clear(): void {
    this.remember(undefined)
    for (const entry of this.entries) this.remove(entry)
  }

  private name(entry: Entry<Value>, name: string): void {
    entry.names.push(name)
    this.byName.set(name, entry)
  }

  private remember(keys: ReadonlySet<string> | undefined): void {
    this.drops[this.moment % rememberedDrops] = keys
    this.moment += 1
  }

  private wasTouched(keys: ReadonlySet<string>, since: Moment): boolean {
    if (this.moment - since > rememberedDrops) return true
    for (let moment = since; moment < this.moment; moment += 1) {
      const dropped = this.drops[moment % rememberedDrops]
      if (dropped === undefined) return true
      for (const key of dropped) if (keys.has(key)) return true
    }
    return false
  }

  private makeRoom(): void {
    for (const entry of this.entries) {
      if (this.bytes <= this.mostBytes) return
      this.entries.delete(entry)
      if (entry.used) {
        // To the end of the line, where it must be found again to stay.
        entry.used = false
        this.entries.add(entry)
      } else {
        this.remove(entry)
      }
    }
  }

  private remove(entry: Entry<Value>): void {
    if (entry.gone) return
    entry.gone = true
    this.entries.delete(entry)
    this.bytes -= entry.bytes
    for (const name of entry.names) if (this.byName.get(name) === entry) this.byName.delete(name)
    for (const key of entry.keys) {
      const others = this.byKey.get(key)
      others?.delete(entry)
      if (others?.size === 0) this.byKey.delete(key)
    }
  }
}
