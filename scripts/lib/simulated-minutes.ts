import { LaneFold } from '../../src/core/orbits/lane-fold.js'
import type { Result } from '../../src/core/results/result.js'
import { createRowBuffer } from '../../src/core/rows/row-buffer.js'
import { createChamberMap } from '../../src/core/run-file/chamber-map.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { DEFAULT_SIMULATION } from '../../src/core/simulator/options.js'
import { createSimulator } from '../../src/core/simulator/simulator.js'

const SECONDS = 150
const ROWS_A_SECOND = 1000
const START_MS = Date.UTC(2026, 0, 1)

/** When the last of the simulated results ends. */
export const SIMULATED_END_MS = START_MS + SECONDS * 1000

/** What process makes of the simulated detector in some minutes, a result a second; with the end of each, ms since 1970. */
export function* simulatedMinutes(): Generator<{ result: Result; endMs: number }> {
  const simulator = createSimulator(DEFAULT_SIMULATION)
  const rows = createRowBuffer(ROWS_A_SECOND)
  const fold = new LaneFold({ run: DEFAULT_RUN, map: createChamberMap(DEFAULT_RUN), grace: 2048, orbitDetail: false })
  for (let second = 0; second < SECONDS; second++) {
    simulator.fill(rows)
    fold.fold(rows.columns, 0, rows.length)
    fold.sweep()
    const [startMs, endMs] = [second, second + 1].map((s) => START_MS + s * 1000)
    const range = { topic: 'data_raw', partition: 0, from: second * ROWS_A_SECOND, to: (second + 1) * ROWS_A_SECOND }
    const result = fold.tally.take({
      msg_ID: second,
      worker: 'dtstream/picture/0',
      interval: { start: new Date(startMs).toISOString(), end: new Date(endMs).toISOString() },
      source: [{ ...range, watermark: fold.watermark }],
      geometry: geometryDigest(DEFAULT_RUN),
      run: 0,
    })
    yield { result, endMs }
  }
}
