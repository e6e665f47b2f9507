import { formatCount, formatTime } from '../../../cli/numbers.js'

/** Shown where there is no number. */
export const NONE = '\u2013'

/** `15 k` on an axis: a count without digits that say nothing. */
export function tickLabel(count: number): string {
  if (count !== 0 && count < 10) return String(Number(count.toPrecision(2)))
  return formatCount(count)
    .replace(/(\.\d*?)0+ /, '$1 ')
    .replace('. ', ' ')
}

/** `12:04:31`, in UTC. */
export function clock(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19)
}

/** `2026-03-01 12:04:31 UTC` */
export function moment(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** `since 12:04:31 UTC, 2 min 5 s` */
export function since(ms: number, nowMs: number): string {
  return `since ${clock(ms)} UTC, ${formatTime(Math.max(0, nowMs - ms))}`
}

/** `0.42`, `3.2e-7`: a probability as far as it means anything. */
export function probability(p: number): string {
  return p >= 0.001 || p === 0 ? p.toFixed(p >= 0.1 ? 2 : 3) : p.toExponential(1)
}
