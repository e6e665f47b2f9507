import { setTimeout as sleep } from 'node:timers/promises'
import type { Cli } from '../support/built-cli.js'

interface Described {
  offsets: { partition: number; end: number }[]
  groups: { group: string; lanes: { partition: number; nextOffset: number }[] }[]
}

/** Waits until the group has read, and committed, everything that data_raw holds. */
export async function untilRead(cli: Cli, group = 'dtstream', withinMs = 60_000): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(150)) {
    const { offsets, groups } = await cli.json<Described>('topics', 'describe', 'data_raw')
    const lanes = groups.find((one) => one.group === group)?.lanes ?? []
    const read = ({ partition, end }: Described['offsets'][number]) =>
      (lanes.find((lane) => lane.partition === partition)?.nextOffset ?? 0) === end
    if (offsets.every(read)) return
  }
  throw new Error(`the group ${group} did not read everything within ${withinMs} ms`)
}

/** Waits until data_raw holds rows. */
export async function untilRows(cli: Cli, withinMs = 30_000): Promise<void> {
  for (const end = performance.now() + withinMs; performance.now() < end; await sleep(100)) {
    const topics = await cli.json<{ name: string; messages: number }[]>('topics', 'list')
    if (topics.some(({ name, messages }) => name === 'data_raw' && messages > 0)) return
  }
  throw new Error(`no row came within ${withinMs} ms`)
}
