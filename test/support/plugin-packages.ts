import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'

/** A package as its author would publish it: files by their path in it. */
export async function writePackage(folder: string, files: Record<string, string | object>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name)
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
  }
}

/** A module with one sink that appends each result's number to the file it names. */
export function sinkModule(scheme: string): string {
  return `
    import { appendFile } from 'node:fs/promises'
    export const contract = 1
    export const sinks = [{
      scheme: '${scheme}',
      usage: '${scheme}:FILE',
      summary: 'the numbers of results, in a file',
      options: { prefix: 'what stands before each' },
      open: async ({ text, path, options }) => ({
        name: text,
        durable: 'write',
        write: ({ msg_ID }) => appendFile(path, (options.get('prefix') ?? '') + msg_ID + '\\n'),
        close: async () => {},
        abort: async () => {},
      }),
    }]
  `
}

/** A module with one source of as many rows as the path says, all in orbit after orbit. */
export function sourceModule(scheme: string): string {
  return `
    export const contract = 1
    export const sources = [{
      scheme: '${scheme}',
      usage: '${scheme}:ROWS',
      summary: 'hits, one an orbit',
      options: {},
      parts: async ({ text, path }) => [{
        name: text,
        id: text,
        unit: 'row',
        size: Number(path),
        async *read(position, rows) {
          const { head, fpga, channel, orbit, bx, tdc } = rows.columns
          for (let base = position; base < Number(path); base += rows.length) {
            rows.length = Math.min(rows.capacity, Number(path) - base)
            rows.malformed.count = 0
            for (let i = 0; i < rows.length; i++) {
              head[i] = 2
              fpga[i] = 0
              channel[i] = i % 64
              orbit[i] = base + i
              bx[i] = 1
              tdc[i] = 1
              rows.start[i] = i
              rows.end[i] = i + 1
            }
            yield { rows, text: undefined, base, next: base + rows.length }
          }
        },
      }],
    }]
  `
}
