// Draws docs/dashboard.svg: the dashboard as it stands after two minutes of the simulated detector.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DEFAULT_RUN } from '../src/core/run-file/run-file.js'
import { DashboardModel } from '../src/dashboard/model.js'
import { pictureSvg } from '../src/dashboard/terminal/picture-svg.js'
import { drawStill } from '../src/dashboard/terminal/still.js'
import { SIMULATED_END_MS, simulatedMinutes } from './lib/simulated-minutes.js'

const COLUMNS = 130
const ROWS = 40

const model = new DashboardModel(DEFAULT_RUN)
for (const { result, endMs } of simulatedMinutes()) model.add(result, endMs)
model.setLag(0, SIMULATED_END_MS)
const view = model.view(SIMULATED_END_MS, { window: 'cumulative' })
const size = { columns: COLUMNS, rows: ROWS }
const picture = await drawStill({ ...size, title: 'topic:data_clean', run: DEFAULT_RUN, view })
const title = 'dtstream watch: hit rates, drift times, occupancy and figures of a simulated detector'
writeFileSync(fileURLToPath(new URL('../docs/dashboard.svg', import.meta.url)), pictureSvg(picture, title))
