import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openKafkaLog } from '../../src/log/kafka/kafka-log.js'
import type { Log } from '../../src/log/log.js'
import type { Run } from './timed-command.js'

export interface Processing {
  from: string
  to: string
  rows: number
  round: number
  bootstrap: string
}

const POLL_MS = 20
const TICKS_A_SECOND = 100

/** One worker on a topic that is there already, until its group has committed all of it. */
export async function processed({ from, to, round, bootstrap }: Processing): Promise<Run> {
  const group = `bench ${to} ${from} ${round}`
  const args = ['process', '--from', from, '--to', to, '--group', group, '--workers', '1', '--interval', '250ms']
  const log = await openKafkaLog({ brokers: bootstrap.split(','), clientId: 'bench' }, { onNotice: console.error })
  const startMs = performance.now()
  const child = spawn(process.execPath, ['bin/run.js', ...args, '--bootstrap-server', bootstrap, '--no-progress'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  try {
    while (!(await isDone(log, from.slice('topic:'.length), group))) await sleep(POLL_MS)
    const seconds = (performance.now() - startMs) / 1000
    return { seconds, cpuSeconds: cpuSecondsOf(child.pid ?? 0) }
  } finally {
    const ended = new Promise((resolve) => child.once('close', resolve))
    child.kill('SIGINT')
    await ended
    await log.close()
  }
}

async function isDone(log: Log, topic: string, group: string): Promise<boolean> {
  const [offsets, groups] = await Promise.all([log.offsets(topic), log.groups(topic)])
  const lanes = groups.find((one) => one.group === group)?.lanes ?? []
  return (offsets ?? []).every(({ end }, partition) =>
    lanes.some((lane) => lane.partition === partition && lane.nextOffset >= end),
  )
}

/** So far, of a process that runs; fields 14 and 15 of Linux' /proc/PID/stat. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1].split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND
}
