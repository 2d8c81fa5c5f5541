import { createHash, randomInt } from 'node:crypto'
import { crc32 } from 'node:zlib'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const prefix = 'warta_'
/** 178 bits: far beyond guessing, so that a plain SHA-256 protects it at rest. */
const randomLength = 30
/** What a CRC32 needs in base 62. */
const checkLength = 6

/** For secret scanners; the check then tells a key from what only looks like one. */
export const secretPattern = /^warta_[0-9A-Za-z]{36}$/

/** The hint that stays readable: the prefix and four of thirty characters. */
const hintLength = prefix.length + 4

export function newSecret(): string {
  const random = Array.from({ length: randomLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  return prefix + random + check(random)
}

/** Whether it can be a key at all, known without looking into the database. */
export function isSecret(text: string): boolean {
  if (!secretPattern.test(text)) return false
  const random = text.slice(prefix.length, -checkLength)
  return text.endsWith(check(random))
}

export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

export function hintOf(secret: string): string {
  return secret.slice(0, hintLength)
}

function check(random: string): string {
  let rest = crc32(random)
  let text = ''
  for (let i = 0; i < checkLength; i += 1) {
    text = (alphabet[rest % alphabet.length] ?? '') + text
    rest = Math.floor(rest / alphabet.length)
  }
  return text
}
