import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

const cipher = 'aes-256-gcm'
/** What AES-256 takes. */
const keyBytes = 32
/** What GCM is made for (NIST SP 800-38D §5.2.1.1). */
const nonceBytes = 12
/** The whole tag: a shorter one is easier to forge. */
const tagBytes = 16

/** Two secrets that together open what was sealed with them (RFC 5869: key material and salt), and what for. */
export interface Secrets {
  secret: string
  salt: string
  purpose: string
}

/** Encrypts a text, so that whoever lacks one of the two secrets can neither read nor change it. In base64. */
export function seal(text: string, secrets: Secrets): string {
  const nonce = randomBytes(nonceBytes)
  const encryption = createCipheriv(cipher, keyOf(secrets), nonce)
  const sealed = [encryption.update(text, 'utf8'), encryption.final()]
  return Buffer.concat([nonce, encryption.getAuthTag(), ...sealed]).toString('base64')
}

/** The text that was sealed; undefined when it was sealed with another secret, or was changed. */
export function unseal(sealed: string, secrets: Secrets): string | undefined {
  const bytes = Buffer.from(sealed, 'base64')
  if (bytes.length < nonceBytes + tagBytes) return undefined
  const decryption = createDecipheriv(cipher, keyOf(secrets), bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decryption.setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
  const text = decryption.update(bytes.subarray(nonceBytes + tagBytes), undefined, 'utf8')
  try {
    return text + decryption.final('utf8')
  } catch {
    // It throws nothing else: what it refuses was not sealed with these.
    return undefined
  }
}

function keyOf({ secret, salt, purpose }: Secrets): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, salt, purpose, keyBytes))
}
