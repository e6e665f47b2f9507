import { ExpectedError } from '../../errors.js'
import { MAX_CHAMBERS } from '../run-file/chamber-map.js'
import { CELLS, NS_PER_ORBIT } from '../run-file/run-file.js'
import type { CellName } from './options.js'

/** Muons or noise hits a second; memory for the rows that wait for the readout goes with it. */
const MAX_RATE = 1_000_000
const SECONDS_PER = { s: 1, min: 60, orbit: NS_PER_ORBIT / 1e9 } as const
const DECIMAL = /^\d+(\.\d+)?$/

export function readWhole(text: string, name: string, low: number, high: number): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < low || value > high) fail(name, `a whole number from ${low} to ${high}`, text)
  return value
}

export function readNumber(text: string, name: string, low: number, high: number): number {
  const value = Number(text)
  if (!DECIMAL.test(text) || value < low || value > high) fail(name, `a number from ${low} to ${high}`, text)
  return value
}

/** `25/s`, `2k/s`, `90/min`, `0.1/orbit`; a plain number is a second's. Gives Hz. */
export function readRate(text: string, name: string): number {
  const [, count, thousands, per] = /^(\d+(?:\.\d+)?)(k?)(?:\/(s|min|orbit))?$/.exec(text) ?? []
  const rate = (Number(count) * (thousands ? 1000 : 1)) / SECONDS_PER[(per ?? 's') as keyof typeof SECONDS_PER]
  if (!(rate <= MAX_RATE)) fail(name, `a rate such as 25/s, 2k/s or 0.1/orbit, up to ${MAX_RATE}/s`, text)
  return rate
}

export function readCell(text: string, name: string): CellName | undefined {
  if (text === 'none') return undefined
  const [, chamber, cell] = /^(\d{1,2}):(\d{1,2})$/.exec(text) ?? []
  if (cell === undefined || Number(chamber) >= MAX_CHAMBERS || Number(cell) >= CELLS) {
    fail(name, `a chamber and one of its cells 0 to ${CELLS - 1}, such as 1:2, or none`, text)
  }
  return { chamber: Number(chamber), cell: Number(cell) }
}

function fail(name: string, form: string, text: string): never {
  throw new ExpectedError(`The simulator's option ${name} must be ${form}, not ${JSON.stringify(text.slice(0, 40))}.`)
}
