// Keeps the page open for some minutes, 10 by default, at five updates a second, and says what it takes: the page's heap after
// garbage collection, the server's memory, and the share of the page's main thread. Ends with 1 where either grows.
import { readFileSync } from 'node:fs'
import { argv, exit } from 'node:process'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CDPSession } from 'playwright-core'
import { openLivePage } from './live-page.js'

/** In the second half of the time: in the first five minutes the server fills what it remembers of the last 300 s. */
const MOST_GROWTH_MB = { heap: 4, server: 20 }
const SAMPLES = 12

interface Sample {
  /** MB in use in the page, after garbage collection */
  heap: number
  /** MB of the server's own */
  server: number
}

async function sample(session: CDPSession, server: number): Promise<Sample> {
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return { heap: usedSize / 2 ** 20, server: ownMemory(server) }
}

/** What a process has in memory without the files that are mapped into it: the log is one, and grows with every row. In MB; on Linux only. */
function ownMemory(pid: number): number {
  const [, kB] = /^RssAnon:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kB) / 1024
}

/** CPU seconds of the page's main thread so far. */
async function taskSeconds(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
}

/** Middle of the last few less middle of the first few, in MB. */
function growth(samples: readonly Sample[], of: keyof Sample): number {
  const middle = (some: readonly Sample[]) => some.map((one) => one[of]).sort((a, b) => a - b)[some.length >> 1]
  return middle(samples.slice(-3)) - middle(samples.slice(0, 3))
}

const minutes = Number(argv[2] ?? 10)
if (!(minutes > 0)) {
  console.error('usage: npm run browser:soak -- MINUTES')
  exit(2)
}
const live = await openLivePage(minutes * 60 + 120, { viewport: { width: 1400, height: 900 } })
const session = await live.page.context().newCDPSession(live.page)
await session.send('Performance.enable', { timeDomain: 'threadTicks' })
const samples: Sample[] = []
for (let i = 0; i < SAMPLES; i++) {
  const [before, at] = [await taskSeconds(session), performance.now()]
  await sleep((minutes * 60_000) / SAMPLES)
  const share = ((await taskSeconds(session)) - before) / ((performance.now() - at) / 1000)
  const { heap, server } = await sample(session, live.server.pid)
  samples.push({ heap, server })
  const minute = ((minutes * (i + 1)) / SAMPLES).toFixed(1)
  console.log(
    `${minute} min: heap ${heap.toFixed(1)} MB, server ${server.toFixed(0)} MB, main thread ${(100 * share).toFixed(1)} %`,
  )
}
await live.close()
const warm = samples.slice(SAMPLES / 2)
const found = { heap: growth(warm, 'heap'), server: growth(warm, 'server') }
console.log(
  `growth: heap ${found.heap.toFixed(1)} MB, at most ${MOST_GROWTH_MB.heap}; server ${found.server.toFixed(1)} MB, at most ${MOST_GROWTH_MB.server}`,
)
exit(found.heap <= MOST_GROWTH_MB.heap && found.server <= MOST_GROWTH_MB.server ? 0 : 1)
