import { once } from 'node:events'
import { createWriteStream, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Build } from './dtstream.js'

/** Writes a file of so many simulated rows, without a header line, into the folder and gives its path. */
export async function makeRowsFile(build: Build, folder: string, count: number): Promise<string> {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, `sim-${count}.txt`)
  const file = createWriteStream(path)
  const simulator = build.createSimulator(build.parseSimulatorOptions(new URLSearchParams(), build.DEFAULT_RUN))
  const rows = build.createRowBuffer()
  const bytes = new Uint8Array(rows.capacity * build.MAX_ROW_BYTES)
  for (let left = count; left > 0; left -= rows.length) {
    simulator.fill(rows)
    const end = build.formatRows(rows.columns, 0, Math.min(rows.length, left), bytes, 0)
    if (!file.write(bytes.slice(0, end))) await once(file, 'drain')
  }
  file.end()
  await once(file, 'finish')
  return path
}
