import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../../src/dashboard/model.js'
import { openTerminalDashboard } from '../../../src/dashboard/terminal/dashboard.js'
import { EXIT_OF } from '../../../src/dashboard/terminal/ending.js'
import { evenCells, result, timeBox } from '../made-up.js'

// A dashboard on the terminal it is started on, ended as its argument says; its title has the process id.
const [ending] = process.argv.slice(2)
const model = new DashboardModel(DEFAULT_RUN)
const dashboard = await openTerminalDashboard({
  title: `pid ${process.pid}.`,
  run: DEFAULT_RUN,
  model,
  now: Date.now,
})

if (ending === 'handles')
  process.on('uncaughtException', (error) => {
    console.error(`handled: ${error.message}`)
    process.exit(7)
  })

let count = 0
const feeding = setInterval(() => {
  const now = Date.now()
  const made = { from: count, to: count + 1, startMs: now - 50, endMs: now }
  model.add(result({ ...made, cells: [evenCells(1)], drift: [timeBox(1)], rows: { read: 10 } }), now)
  dashboard.refresh()
  if (++count < 10) return
  if (ending === 'throws' || ending === 'handles') throw new Error('something broke in a timer')
  if (ending === 'rejects') Promise.reject(new Error('something was rejected'))
  if (ending === 'exits') process.exit(5)
}, 50)

const reason = await dashboard.closed
clearInterval(feeding)
console.log(`closed: ${reason}`)
process.exitCode = EXIT_OF[reason]
