import { closeSync, existsSync, fsyncSync, linkSync, openSync, rmSync, writeFileSync } from 'node:fs'

/** Makes a file that appears at once and whole, unless it is there already: then it stays as it is. */
export function makeWhole(path: string, bytes: Uint8Array): void {
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`
  try {
    writeFileSync(draft, bytes, { mode: 0o664 })
    appear(draft, path)
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Gives a finished file its name, unless another process was faster. */
export function appear(draft: string, path: string): void {
  const fd = openSync(draft, 'r')
  try {
    // first the content, then the name: also when the power is cut
    fsyncSync(fd)
    linkSync(draft, path)
  } catch (error) {
    if (!existsSync(path)) throw error
  } finally {
    closeSync(fd)
  }
}
