import { parseArgs } from 'node:util'
import { loadBuild } from './dtstream.js'
import { WORKS } from './works.js'

/** A process of its own that times one work of one build and prints what came of it as JSON. */
const { values } = parseArgs({
  options: {
    root: { type: 'string', default: '.' },
    work: { type: 'string', default: 'six' },
    file: { type: 'string', default: '' },
    rows: { type: 'string', default: '0' },
    passes: { type: 'string', default: '1' },
  },
})
const work = await WORKS[values.work](await loadBuild(values.root), values.file, Number(values.rows))
const check = JSON.stringify(work.check(await work.run()))
await work.run() // what was made for the check is gone by its end, and the code is as fast as it gets
const wallS: number[] = []
const cpuS: number[] = []
for (let pass = 0; pass < Number(values.passes); pass++) {
  const cpuStart = process.cpuUsage()
  const wallStart = performance.now()
  await work.run()
  wallS.push((performance.now() - wallStart) / 1000)
  const { user, system } = process.cpuUsage(cpuStart)
  cpuS.push((user + system) / 1e6)
}
process.stdout.write(`{"wallS":${JSON.stringify(wallS)},"cpuS":${JSON.stringify(cpuS)},"check":${check}}\n`)
