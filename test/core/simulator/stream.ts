import { formatRows, MAX_ROW_BYTES } from '../../../src/core/rows/format-text.js'
import { type Columns, createRowBuffer } from '../../../src/core/rows/row-buffer.js'
import type { SimulatorOptions } from '../../../src/core/simulator/options.js'
import { parseSimulatorOptions } from '../../../src/core/simulator/parse-options.js'
import { createSimulator } from '../../../src/core/simulator/simulator.js'

/** Options as written behind `sim:?`. */
export function optionsOf(query: string): SimulatorOptions {
  return parseSimulatorOptions(new URLSearchParams(query))
}

/** The first `count` rows of a simulation. */
export function rowsOf(options: SimulatorOptions | string, count: number): Columns {
  const rows = createRowBuffer(count)
  createSimulator(typeof options === 'string' ? optionsOf(options) : options).fill(rows)
  return rows.columns
}

/** All of the columns as text. */
export function textOf(columns: Columns): Buffer {
  const out = new Uint8Array(columns.head.length * MAX_ROW_BYTES)
  return Buffer.from(out.subarray(0, formatRows(columns, 0, columns.head.length, out, 0)))
}

/** The default run's chamber of row `i`; -1 for a scintillator signal, undefined for every other row. */
export function chamberOf({ head, fpga, channel }: Columns, i: number): number | undefined {
  if (head[i] !== 2) return undefined
  if (channel[i] < 128) return 2 * fpga[i] + (channel[i] < 64 ? 0 : 1)
  return fpga[i] === 1 && channel[i] === 128 ? -1 : undefined
}

/** T of `docs/results.md`: TDC counts into the orbit. */
export function countsOf({ bx, tdc }: Columns, i: number): number {
  return 30 * bx[i] + tdc[i]
}
