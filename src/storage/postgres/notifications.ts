import type { PostgresConnection } from './connection.ts'
import type { Servers } from './servers.ts'
import { channel } from './turns.ts'

/** How soon a connection that broke is tried again. */
const againMs = 1_000

/**
 * Hears of commits as they happen (LISTEN). What is said while the connection is down is never heard, so that this is the
 * fast way to know and not the sure one.
 */
export class Notifications {
  private readonly servers: Servers
  private readonly heard: () => void
  private connection: PostgresConnection | undefined
  private timer: NodeJS.Timeout | undefined
  private connecting: Promise<void> | undefined
  private closed = false

  constructor(servers: Servers, heard: () => void) {
    this.servers = servers
    this.heard = heard
  }

  start(): void {
    if (this.closed || this.connection !== undefined) return
    this.connecting ??= this.connect().finally(() => {
      this.connecting = undefined
    })
  }

  async close(): Promise<void> {
    this.closed = true
    clearTimeout(this.timer)
    await this.connecting
    if (this.connection !== undefined) this.servers.release(this.connection, true)
    this.connection = undefined
  }

  private async connect(): Promise<void> {
    try {
      const connection = await this.servers.connect()
      connection.client.on('notification', () => this.heard())
      const lost = () => {
        if (this.connection !== connection) return
        this.connection = undefined
        this.servers.release(connection, true)
        this.later()
      }
      connection.client.on('error', lost)
      connection.client.on('end', lost)
      this.connection = connection
      await connection.send(`LISTEN ${channel}`)
    } catch {
      if (this.connection !== undefined) this.servers.release(this.connection, true)
      this.connection = undefined
      this.later()
    }
  }

  private later(): void {
    clearTimeout(this.timer)
    if (!this.closed) this.timer = setTimeout(() => this.start(), againMs).unref()
  }
}
