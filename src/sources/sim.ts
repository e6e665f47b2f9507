import { createRowBuffer, DEFAULT_CAPACITY, type RowBuffer } from '../core/rows/row-buffer.js'
import { SIMULATOR_OPTIONS } from '../core/simulator/option-table.js'
import { readWhole } from '../core/simulator/option-values.js'
import type { SimulatorOptions } from '../core/simulator/options.js'
import { parseSimulatorOptions } from '../core/simulator/parse-options.js'
import { createSimulator, type Simulator } from '../core/simulator/simulator.js'
import { endsBefore } from './ends-before.js'
import { numberRows } from './formats/number-rows.js'
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
  async parts(uri, { run }) {
    const query = new URLSearchParams(uri.options)
    const rows = query.get(ROWS_OPTION)
    query.delete(ROWS_OPTION)
    const size = rows === null ? undefined : readWhole(rows, ROWS_OPTION, 1, Number.MAX_SAFE_INTEGER)
    return [simulatedPart(uri.text, parseSimulatorOptions(query, run), size)]
  },
}

function simulatedPart(name: string, options: SimulatorOptions, size: number | undefined): SourcePart {
  return {
    name,
    id: name,
    unit: 'row',
    size,
    async *read(position, rows) {
      const end = size ?? Number.POSITIVE_INFINITY
      if (position > end) throw endsBefore(name, end, 'row', position)
      const simulator = createSimulator(options)
      passOver(simulator, position)
      for (let base = position; base < end; base += rows.length) {
        fillUpTo(end - base, rows, simulator)
        numberRows(rows)
        yield { rows, text: undefined, base, next: base + rows.length }
      }
    },
  }
}

/** As many of the next rows as there is room for, and not more than `most`. */
function fillUpTo(most: number, rows: RowBuffer, simulator: Simulator): void {
  const room = { ...rows, capacity: Math.min(most, rows.capacity) }
  simulator.fill(room)
  rows.length = room.length
}

function passOver(simulator: Simulator, count: number): void {
  const rows = createRowBuffer(Math.min(count, DEFAULT_CAPACITY))
  for (let left = count; left > 0; left -= rows.length) fillUpTo(left, rows, simulator)
}
