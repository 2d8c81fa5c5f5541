import { unlinkSync } from 'node:fs'
import { type FileHandle, open, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import type { Config } from '../../config.ts'
import { newId } from '../../lib/ids.ts'

/** Some two hundred stories: what is smaller never touches the disk, and twenty readers at once hold twenty of these. */
const memoryBytes = 512 * 1024

/** As much as is read back at a time: a socket's buffer full. */
const pieceBytes = 65_536

/** How often it is looked whether the disk has room: a look costs some microseconds, and this is written in some tens of ms. */
const lookBytes = 16 * 1024 * 1024

/** in the files of all spools of this process */
let onDisk = 0

/**
 * Where spools are kept: beside the database, on the disk that was chosen to hold all that is in them. The system's folder
 * for temporary files is in memory on many systems, and serves where the database is a server's.
 */
export function spoolFolder({ engine, name }: Config['database']): string {
  return engine === 'sqlite' ? dirname(name) : tmpdir()
}

/**
 * Bytes on their way from a writer who must not wait to a reader who may take as long as they like: in memory as long as
 * they are few, then in a file that has no name, is nobody else's to open, and is gone with the process, however that ends.
 */
export class Spool extends Readable {
  private readonly folder: string
  /** what comes before all that is in the file */
  private readonly ready: Buffer[] = []
  private readyBytes = 0
  private file: FileHandle | undefined
  /** The file holds what is between these two. */
  private taken = 0
  private filled = 0
  private fileBytes = 0
  private lookedAt = 0
  private finished = false
  private hungry = false

  constructor(folder: string) {
    super({ highWaterMark: pieceBytes })
    this.folder = folder
  }

  /**
   * Takes bytes in, whether or not anybody reads; one call after another.
   * @throws when the disk has no room; nothing is lost of what came before
   */
  async put(bytes: Buffer): Promise<void> {
    const inFile = this.taken < this.filled
    if (inFile || this.readyBytes + bytes.length > memoryBytes) {
      await this.keep(bytes)
    } else {
      this.ready.push(bytes)
      this.readyBytes += bytes.length
    }
    this.feed()
  }

  /** Nothing more will come. */
  finish(): void {
    this.finished = true
    this.feed()
  }

  override _read(): void {
    this.hungry = true
    this.feed()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    onDisk -= this.fileBytes
    this.ready.length = 0
    // Waits for what is being read or written.
    const closed = this.file?.close() ?? Promise.resolve()
    closed.then(
      () => done(error),
      (reason: Error) => done(error ?? reason),
    )
  }

  private feed(): void {
    if (!this.hungry || this.destroyed) return
    const [first] = this.ready
    if (first !== undefined) {
      this.hungry = false
      this.ready.shift()
      this.readyBytes -= first.length
      this.push(first)
    } else if (this.taken < this.filled) {
      this.hungry = false
      void this.fetch()
    } else if (this.finished) {
      this.hungry = false
      this.push(null)
    }
  }

  private async keep(bytes: Buffer): Promise<void> {
    this.file ??= await this.openFile()
    // What has been read is written over, so that whoever keeps up makes no large file.
    if (this.taken === this.filled) {
      this.taken = 0
      this.filled = 0
    }
    const end = this.filled + bytes.length
    if (end > this.fileBytes) await this.grow(end)
    for (let at = 0; at < bytes.length; ) {
      const { bytesWritten } = await this.file.write(bytes, at, bytes.length - at, this.filled + at)
      at += bytesWritten
    }
    this.filled = end
  }

  private async openFile(): Promise<FileHandle> {
    const path = join(this.folder, `warta-export-${newId()}`)
    const file = await open(path, 'wx+', 0o600)
    unlinkSync(path)
    if (!this.destroyed) return file
    await file.close()
    throw new Error('The reader has left.')
  }

  /** All spools together may take as much as they leave free: what else is on the disk must be able to grow too. */
  private async grow(bytes: number): Promise<void> {
    if (bytes - this.lookedAt >= lookBytes || this.lookedAt === 0) {
      this.lookedAt = bytes
      const { bavail, bsize } = await statfs(this.folder)
      if (bavail * bsize < onDisk + lookBytes) {
        throw new Error('An export was broken off: too little of the disk is free to keep it for a slow reader.')
      }
    }
    if (this.destroyed) throw new Error('The reader has left.')
    onDisk += bytes - this.fileBytes
    this.fileBytes = bytes
  }

  private async fetch(): Promise<void> {
    try {
      const piece = Buffer.allocUnsafe(Math.min(pieceBytes, this.filled - this.taken))
      const { bytesRead = 0 } = (await this.file?.read(piece, 0, piece.length, this.taken)) ?? {}
      if (this.destroyed) return
      if (bytesRead === 0) throw new Error('The file of a spool was cut short.')
      this.taken += bytesRead
      this.push(piece.subarray(0, bytesRead))
    } catch (error) {
      this.destroy(error as Error)
    }
  }
}
