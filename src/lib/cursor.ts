import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'

/** Where a page of a list begins: the sort value and id of the row beside it, and on which side of it. */
export interface Position {
  value: string
  id: string
  side: 'after' | 'before'
}

/** 128 bits: forging one is guessing a key, and the cursor stays short. */
const macBytes = 16

/**
 * A cursor is opaque and signed: it can be kept and sent back, not made. `query` names the list that it belongs to
 * (path, filters, order), so that it is refused by any other.
 */
export function encodeCursor(position: Position, query: string, secret: Buffer): string {
  const side = position.side === 'after' ? 'a' : 'b'
  const payload = JSON.stringify([side, position.value, position.id])
  return Buffer.concat([mac(payload, query, secret), Buffer.from(payload)]).toString('base64url')
}

/** The position, or undefined for whatever encodeCursor did not make for this very query. */
export function decodeCursor(cursor: string, query: string, secret: Buffer): Position | undefined {
  const bytes = Buffer.from(cursor, 'base64url')
  // Buffer.from skips what is no base64url, so many strings would decode to the same bytes: only the canonical one counts.
  if (bytes.length <= macBytes || bytes.toString('base64url') !== cursor) return undefined
  const payload = bytes.toString('utf8', macBytes)
  if (!timingSafeEqual(bytes.subarray(0, macBytes), mac(payload, query, secret))) return undefined
  const [side, value, id] = JSON.parse(payload) as [string, string, string]
  return { value, id, side: side === 'a' ? 'after' : 'before' }
}

/** From bytes Node makes a key each time that it signs, which takes four times as long as to sign. */
const keys = new WeakMap<Buffer, KeyObject>()

function keyOf(secret: Buffer): KeyObject {
  const known = keys.get(secret)
  if (known !== undefined) return known
  const key = createSecretKey(secret)
  keys.set(secret, key)
  return key
}

function mac(payload: string, query: string, secret: Buffer): Buffer {
  // In one piece: each more takes as long as the whole.
  return createHmac('sha256', keyOf(secret)).update(`${payload}\0${query}`).digest().subarray(0, macBytes)
}
