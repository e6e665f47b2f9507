import { formatCount, formatTime } from '../../cli/numbers.js'
import type { HealthLimits } from '../../core/run-file/health-limits.js'
import type { Finding } from '../alarm.js'
import type { AlarmBook } from '../alarm-book.js'

/** Parts that the time looked at is kept in. */
const PARTS = 10

type LagLimits = Exclude<HealthLimits['lag'], 'off'>

/**
 * Does the lag grow? Between commits it goes up and down like a saw, so its lowest values are compared: those of the later
 * half of the time looked at with those of the earlier half, and all of them with the limit. By the wall clock.
 */
export class LagCheck {
  /** the lowest lag in each part of the time, the oldest first */
  private lowest: { part: number; messages: number }[] = []

  constructor(private readonly limits: LagLimits) {}

  /** @param messages still to be read; undefined where nobody knows */
  set(messages: number | undefined, book: AlarmBook, nowMs: number): void {
    if (messages === undefined) this.lowest = []
    else this.note(messages, Math.floor((nowMs * PARTS) / (this.limits.seconds * 1000)))
    const halves = this.halves()
    if (messages === undefined || (halves && halves.later <= this.limits.messages)) book.clear('lag')
    else if (halves && halves.earlier > this.limits.messages && halves.later > halves.earlier)
      book.raise(this.finding(messages), nowMs)
  }

  private note(messages: number, part: number): void {
    const last = this.lowest.at(-1)
    // a clock that was set back begins anew
    if (last && part < last.part) this.lowest = []
    if (last?.part === part) last.messages = Math.min(last.messages, messages)
    else this.lowest.push({ part, messages })
    while (this.lowest[0].part < part - PARTS) this.lowest.shift()
  }

  /** The lowest lag of the two halves of the last PARTS whole parts; undefined where one of them is not known. */
  private halves(): { earlier: number; later: number } | undefined {
    const current = this.lowest.at(-1)?.part ?? 0
    const middle = current - PARTS / 2
    const earlier = lowestOf(this.lowest.filter(({ part }) => part < middle))
    const later = lowestOf(this.lowest.filter(({ part }) => part >= middle && part < current))
    const isLong = this.lowest[0]?.part <= current - PARTS
    return isLong && earlier !== undefined && later !== undefined ? { earlier, later } : undefined
  }

  private finding(messages: number): Finding {
    const { messages: limit, seconds } = this.limits
    const text = `the lag grows: ${formatCount(messages)} messages are still to be read, and more than ${formatCount(limit)} were for ${formatTime(seconds * 1000)}`
    return {
      id: 'lag',
      kind: 'lag',
      chamber: undefined,
      cell: undefined,
      text,
      value: messages,
      limit,
      unit: 'messages',
    }
  }
}

function lowestOf(parts: readonly { messages: number }[]): number | undefined {
  return parts.length === 0 ? undefined : Math.min(...parts.map(({ messages }) => messages))
}
