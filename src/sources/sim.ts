import { createRowBuffer, type RowBuffer } from '../core/rows/row-buffer.js'
import { SIMULATOR_OPTIONS } from '../core/simulator/option-table.js'
import { readWhole } from '../core/simulator/option-values.js'
import { parseSimulatorOptions } from '../core/simulator/parse-options.js'
import { createSimulator } from '../core/simulator/simulator.js'
import { numberRows } from './formats/arrow-blocks.js'
import type { SourcePart, SourceSpec } from './source.js'

const ROWS_OPTION = 'rows'

export const spec: SourceSpec = {
  scheme: 'sim',
  usage: 'sim:?OPTION=VALUE&...',
  summary: 'a simulated detector: muons through the telescope, noise, the trigger; the same seed gives the same rows',
  options: {
    ...Object.fromEntries(SIMULATOR_OPTIONS.map(({ name, description }) => [name, description])),
    [ROWS_OPTION]: 'rows after which it ends; without it, it never does',
  },
  async parts(uri, { run }): Promise<SourcePart[]> {
    const query = new URLSearchParams(uri.options)
    const rows = query.get(ROWS_OPTION)
    query.delete(ROWS_OPTION)
    const size = rows === null ? undefined : readWhole(rows, ROWS_OPTION, 1, Number.MAX_SAFE_INTEGER)
    const options = parseSimulatorOptions(query, run)
    return [
      {
        name: uri.text,
        size,
        async *read(position, buffer) {
          const simulator = createSimulator(options)
          passOver(simulator, position)
          const end = size ?? Number.POSITIVE_INFINITY
          for (let base = position; base < end; base += buffer.length) {
            simulator.fill(buffer)
            buffer.length = Math.min(buffer.length, end - base)
            numberRows(buffer)
            yield { rows: buffer, text: undefined, base, next: base + buffer.length }
          }
        },
      },
    ]
  },
}

function passOver(simulator: { fill(rows: RowBuffer): void }, count: number): void {
  const whole = createRowBuffer()
  let left = count
  for (; left >= whole.capacity; left -= whole.capacity) simulator.fill(whole)
  if (left > 0) simulator.fill(createRowBuffer(left))
}
