import { randomBytes } from 'node:crypto'
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { ExpectedError } from '../errors.js'
import { syncFolder } from './stores/synced-folder.js'
import type { WholeTarget } from './whole-sink.js'
import { writeError } from './write-error.js'

/**
 * A file that is there whole or not at all: it is written under a hidden name in the same folder, and takes its own
 * name, on the disk for good, when it is complete. After a failure nothing of it stays. Calls must not overlap.
 */
export class WholeFile implements WholeTarget {
  private constructor(
    readonly path: string,
    private readonly hiddenPath: string,
    private readonly overwrite: boolean,
    private handle: FileHandle | undefined,
  ) {}

  /** @throws ExpectedError where the file exists already and may not be overwritten, or cannot be written there */
  static async create(file: string, { overwrite }: { overwrite: boolean }): Promise<WholeFile> {
    const there = await lstat(file).catch(() => undefined)
    if (there && !overwrite) throw existsAlready(file)
    if (there?.isDirectory()) throw writeError(file, { code: 'EISDIR' })
    const { dir, base } = path.parse(file)
    const hiddenPath = path.join(dir, `.${base}.${randomBytes(4).toString('hex')}.part`)
    try {
      return new WholeFile(file, hiddenPath, overwrite, await open(hiddenPath, 'wx'))
    } catch (error) {
      throw writeError(file, error)
    }
  }

  /** Resolves when the bytes are with the operating system. */
  append(bytes: string | Uint8Array): Promise<void> {
    return this.guarded((handle) => handle.appendFile(bytes))
  }

  /** Gives the file its name; it is on the disk then, and so is its name. */
  async publish(): Promise<void> {
    await this.guarded(async (handle) => {
      await handle.sync()
      await handle.close()
      if (!this.overwrite) await this.refuseNewcomer()
      await rename(this.hiddenPath, this.path)
      await syncFolder(path.dirname(this.path))
    })
    this.handle = undefined
  }

  /** Somebody else may have written there since `create`: neither their file nor ours, which is whole, is thrown away. */
  private async refuseNewcomer(): Promise<void> {
    if (!(await lstat(this.path).catch(() => undefined))) return
    this.handle = undefined
    throw new ExpectedError(
      `${this.path} was written by somebody else meanwhile; the results are in ${this.hiddenPath}`,
      [`mv ${this.hiddenPath} ANOTHER_NAME`],
    )
  }

  /** Removes what was written; after `publish` there is nothing to remove. */
  async discard(): Promise<void> {
    const { handle } = this
    if (!handle) return
    this.handle = undefined
    await handle.close().catch(() => {})
    await rm(this.hiddenPath, { force: true })
  }

  private async guarded(step: (handle: FileHandle) => Promise<void>): Promise<void> {
    if (!this.handle) throw new Error(`${this.path} is closed`)
    try {
      await step(this.handle)
    } catch (error) {
      await this.discard()
      throw writeError(this.path, error)
    }
  }
}

function existsAlready(file: string): ExpectedError {
  return new ExpectedError(`${file} exists already`, [`file:${file}?overwrite=true replaces it`, 'choose another name'])
}
