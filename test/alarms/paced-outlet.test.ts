import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { type Delivery, MOST_WAITING, PacedOutlet } from '../../src/alarms/paced-outlet.js'
import { raised } from './made-up.js'

const PACE_MS = 100
const cellsOf = ({ records }: Delivery) => records.map(({ cell }) => cell)

function paced(deliver: (delivery: Delivery) => Promise<void>, paceMs = PACE_MS) {
  const notices: string[] = []
  const outlet = new PacedOutlet({ deliver, onNotice: (text) => notices.push(text), paceMs })
  return { outlet, notices }
}

it('delivers the first event at once, and what comes meanwhile together', async () => {
  const deliveries: { at: number; cells: unknown[] }[] = []
  const { outlet } = paced(async (delivery) => {
    deliveries.push({ at: performance.now(), cells: cellsOf(delivery) })
  })
  outlet.tell([raised(1)])
  expect(deliveries).toHaveLength(1)
  for (const cell of [2, 3, 4]) outlet.tell([raised(cell)])
  while (deliveries.length < 2) await sleep(10)
  expect(deliveries.map(({ cells }) => cells)).toEqual([[1], [2, 3, 4]])
  expect(deliveries[1].at - deliveries[0].at).toBeGreaterThanOrEqual(PACE_MS - 1)
  await outlet.close()
})

it('lets what waits leave when it is closed', async () => {
  const seen: unknown[] = []
  const { outlet } = paced(async (delivery) => void seen.push(cellsOf(delivery)), 3_600_000)
  outlet.tell([raised(1)])
  outlet.tell([raised(2)])
  await outlet.close()
  expect(seen).toEqual([[1], [2]])
})

it('keeps what could not be delivered for the next time, says so once, and gives it up after five', async () => {
  let tries = 0
  const seen: unknown[] = []
  const { outlet, notices } = paced(async (delivery) => {
    if (++tries !== 3) throw new Error('nobody there')
    seen.push(cellsOf(delivery))
  }, 5)
  outlet.tell([raised(1)])
  while (seen.length === 0) await sleep(5)
  expect(seen).toEqual([[1]])
  outlet.tell([raised(2)])
  while (notices.length < 3) await sleep(5)
  await outlet.close()
  expect(tries).toBe(3 + 5)
  expect(notices).toEqual([
    'alarms could not be told: nobody there; it is tried again',
    'alarms could not be told: nobody there; it is tried again',
    'alarms could not be told 5 times, and 1 are given up',
  ])
})

it('holds a bounded number of events, and counts the others', async () => {
  let release: () => void = () => undefined
  const deliveries: Delivery[] = []
  const { outlet } = paced(async (delivery) => {
    deliveries.push(delivery)
    await new Promise<void>((resolve) => {
      release = resolve
    })
  }, 1)
  outlet.tell([raised(0)])
  for (let i = 0; i < MOST_WAITING + 7; i++) outlet.tell([raised(i % 64)])
  release()
  while (deliveries.length < 2) await sleep(5)
  release()
  await outlet.close()
  expect(deliveries[1].records).toHaveLength(MOST_WAITING)
  expect(deliveries[1].omitted).toBe(7)
})
