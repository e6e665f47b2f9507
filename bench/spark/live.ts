import { type ChildProcess, spawn } from 'node:child_process'
import type { Result } from '../../src/core/results/result.js'
import { ensureTopic } from '../../src/log/default-topics.js'
import { type Log, MESSAGE_KIND, type MessageBatch, offsetOf } from '../../src/log/log.js'
import { median } from '../lib/statistics.js'
import { inFolder, isComplete, nodeCommand, sparkCommand, type Work } from './engines.js'
import type { Message } from './followed-topic.js'
import { until } from './until.js'
import { watchCommand } from './watched-command.js'
import { type CountedAt, countedInNode, countedOnSpark, type SentRow, windowLatencies } from './window-latencies.js'

/** Rows a second that come, on the detector's clock too. */
export const LIVE_RATE = 1000
const HIT_HEAD = 2
const WAIT_MS = 1000

/** Median ms from a window's last row to its result while rows come live, and of how many windows. */
export interface Latency {
  medianMs: number
  windows: number
}

export async function latencyOnSpark(work: Work, windowMs: number): Promise<Latency> {
  const command = [...sparkCommand(work), '--interval', `${windowMs}ms`]
  return latencyOf(work, command, windowMs, (results) => countedOnSpark(results, windowMs))
}

export async function latencyInNode(work: Work, windowMs: number): Promise<Latency> {
  return latencyOf(work, [...nodeCommand(work), '--interval', `${windowMs}ms`], windowMs, countedInNode)
}

type Results = readonly Message<Result>[]

/** The first third of the windows, while the command starts, is left out, and so is the last one, which an end mark closes. */
async function latencyOf(
  work: Work,
  command: string[],
  windowMs: number,
  countedBy: (results: Results) => CountedAt,
): Promise<Latency> {
  const { log, topic, resultsTo, rows } = work
  await ensureTopic(log, topic)
  const replay = startReplay(work)
  try {
    const { messages } = await inFolder((folder) =>
      watchCommand<Result>({
        ...{ log, resultsTo, command },
        env: { XDG_DATA_HOME: folder },
        untilDone: (results) => until(() => isComplete(results, rows)),
      }),
    )
    const latencies = windowLatencies(await rowsOf(log, topic), countedBy(messages), windowMs)
    const warm = latencies.slice(Math.ceil(latencies.length / 3), -1)
    return { medianMs: median(warm), windows: warm.length }
  } finally {
    replay.kill('SIGINT')
  }
}

function startReplay({ topic, bootstrap, rows }: Work): ChildProcess {
  const pace = [`sim:?rows=${rows}`, '--rate', `${LIVE_RATE}/s`, '--no-progress']
  const to = ['--to', `topic:${topic}`, '--bootstrap-server', bootstrap]
  return spawn(process.execPath, ['bin/run.js', 'replay', ...pace, ...to], { stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Hits and scintillator signals of a topic of which every row is a message. */
async function rowsOf(log: Log, topic: string): Promise<SentRow[]> {
  const rows: SentRow[] = []
  for (const [partition, { start, end }] of ((await log.offsets(topic)) ?? []).entries()) {
    const reader = await log.reader(topic, partition, start)
    for (let next = start; next < end; ) {
      const batch = await reader.next(WAIT_MS)
      if (!batch) break
      rows.push(...rowsIn(batch))
      next = batch.nextOffset
    }
    await reader.close()
  }
  return rows
}

function rowsIn(batch: MessageBatch): SentRow[] {
  const { partition, count, bytes, start, end, kind, appendedAtMs: sentMs } = batch
  const rows: SentRow[] = []
  for (let i = 0; i < count; i++) {
    if (kind[i] !== MESSAGE_KIND.text) continue
    const [head, , , orbit] = Buffer.from(bytes.subarray(start[i], end[i])).toString().split(',').map(Number)
    if (head === HIT_HEAD) rows.push({ partition, offset: offsetOf(batch, i), orbit, sentMs })
  }
  return rows
}
