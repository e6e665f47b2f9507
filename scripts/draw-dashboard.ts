// Draws docs/dashboard.svg: the dashboard as it stands after two minutes of the simulated detector.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { LaneFold } from '../src/core/orbits/lane-fold.js'
import { createRowBuffer } from '../src/core/rows/row-buffer.js'
import { createChamberMap } from '../src/core/run-file/chamber-map.js'
import { geometryDigest } from '../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../src/core/run-file/run-file.js'
import { DEFAULT_SIMULATION } from '../src/core/simulator/options.js'
import { createSimulator } from '../src/core/simulator/simulator.js'
import { DashboardModel } from '../src/dashboard/model.js'
import { pictureSvg } from '../src/dashboard/terminal/picture-svg.js'
import { drawStill } from '../src/dashboard/terminal/still.js'

const COLUMNS = 130
const ROWS = 40
const SECONDS = 150
const ROWS_A_SECOND = 1000
const START_MS = Date.UTC(2026, 0, 1)

function fill(model: DashboardModel): number {
  const simulator = createSimulator(DEFAULT_SIMULATION)
  const rows = createRowBuffer(ROWS_A_SECOND)
  const fold = new LaneFold({ run: DEFAULT_RUN, map: createChamberMap(DEFAULT_RUN), grace: 2048, orbitDetail: false })
  for (let second = 0; second < SECONDS; second++) {
    simulator.fill(rows)
    fold.fold(rows.columns, 0, rows.length)
    fold.sweep()
    const [start, end] = [second, second + 1].map((s) => new Date(START_MS + s * 1000).toISOString())
    const range = { topic: 'data_raw', partition: 0, from: second * ROWS_A_SECOND, to: (second + 1) * ROWS_A_SECOND }
    const result = fold.tally.take({
      msg_ID: second,
      worker: 'dtstream/picture/0',
      interval: { start, end },
      source: [{ ...range, watermark: fold.watermark }],
      geometry: geometryDigest(DEFAULT_RUN),
      run: 0,
    })
    model.add(result, START_MS + (second + 1) * 1000)
  }
  model.setLag(0, START_MS + SECONDS * 1000)
  return START_MS + SECONDS * 1000
}

const model = new DashboardModel(DEFAULT_RUN)
const view = model.view(fill(model), { window: 'cumulative' })
const size = { columns: COLUMNS, rows: ROWS }
const picture = await drawStill({ ...size, title: 'topic:data_clean', run: DEFAULT_RUN, view })
const title = 'dtstream watch: hit rates, drift times, occupancy and figures of a simulated detector'
writeFileSync(fileURLToPath(new URL('../docs/dashboard.svg', import.meta.url)), pictureSvg(picture, title))
