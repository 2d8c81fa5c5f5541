import { v7 } from 'uuid'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** UUIDv7 (RFC 9562): unguessable, and sorted by the time it was made, so new rows land at the end of their index. */
export function newId(): string {
  return v7()
}

/** When an id was made, in milliseconds since the epoch. */
export function timeOf(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

export function isId(text: string): boolean {
  return uuid.test(text)
}
