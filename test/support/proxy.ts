import { connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

export interface Proxy {
  /** the same database by way of the proxy */
  url: string
  /** Cuts the connection off at the next COMMIT of a write: before the server has had it, or once it has answered. */
  cutAtCommit(when: 'before' | 'after'): void
  /** Says something else than the server, of as many characters. */
  replace(said: string, by: string): void
  /** From now on it cuts off whoever is connected and whoever comes, or lets them in again. */
  away(isAway: boolean): void
  /** From now on it lets nothing through, to whoever is connected and whoever comes, or all that waits at once. */
  silent(isSilent: boolean): void
  /** how many have come so far */
  comers(): number
}

/** A server that lets everybody in and never says a word. Answers its port. */
export async function startSilent(t: Test): Promise<number> {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => silent.close(resolve))
  })
  const address = silent.address()
  if (address === null || typeof address === 'string') throw new Error('It has no port.')
  return address.port
}

/** What stands between a store and its server, and can fail as a network does. */
export async function startProxy(t: Test, database: string): Promise<Proxy> {
  const target = new URL(database)
  const sockets = new Set<Socket>()
  let cut: 'before' | 'after' | undefined
  let replaced: { said: string; by: string } | undefined
  let isAway = false
  let isSilent = false
  let comers = 0
  const proxy = createServer((client) => {
    comers += 1
    if (isAway) {
      client.on('error', () => {}).destroy()
      return
    }
    const server = connect(Number(target.port), target.hostname)
    let committing = false
    const end = () => {
      client.destroy()
      server.destroy()
    }
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', end).on('close', () => {
        sockets.delete(socket)
        end()
      })
    }
    client.on('data', (data) => {
      // A read ends with a COMMIT too; before that of a write the time for it is unlimited.
      if (cut !== undefined && data.includes('SET LOCAL statement_timeout = 0') && !data.includes('BEGIN')) {
        if (cut === 'before') {
          cut = undefined
          return end()
        }
        cut = undefined
        committing = true
      }
      server.write(data)
    })
    server.on('data', (data) => {
      if (committing) {
        if (data.includes('COMMIT')) end()
        return
      }
      const text = data.toString('latin1')
      if (replaced !== undefined && text.includes(replaced.said)) {
        client.write(text.replaceAll(replaced.said, replaced.by), 'latin1')
      } else client.write(data)
    })
    if (isSilent) for (const socket of [client, server]) socket.pause()
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => proxy.close(resolve))
  })
  const url = new URL(database)
  const address = proxy.address()
  url.port = String(typeof address === 'object' ? address?.port : '')
  return {
    url: url.href,
    cutAtCommit: (when) => {
      cut = when
    },
    replace: (said, by) => {
      if (said.length !== by.length) throw new Error('The length of a message may not change.')
      replaced = { said, by }
    },
    away: (on) => {
      isAway = on
      if (on) for (const socket of sockets) socket.destroy()
    },
    silent: (on) => {
      isSilent = on
      for (const socket of sockets) on ? socket.pause() : socket.resume()
    },
    comers: () => comers,
  }
}
