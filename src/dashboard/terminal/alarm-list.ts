import { formatTime, plural } from '../../cli/numbers.js'
import type { Alarm } from '../../health/alarm.js'
import type { DashboardView, FlowState } from '../view.js'
import { framed } from './frame.js'
import type { Rect } from './layout.js'
import { centred, fitted, type Ink, type Line, printable, span, wrapped } from './text.js'

type Size = Pick<Rect, 'width' | 'height'>

const SINCE = 11
const FOR = 11
const GAP = '  '
const MARK = '▲ '
const DAY_MS = 86_400_000

const NO_ALARM: Record<FlowState, { text: string; ink: Ink }> = {
  live: { text: '✓ all is well', ink: 'good' },
  waiting: { text: '○ no results yet', ink: 'warning' },
  stale: { text: '○ no alarms, but results come no more', ink: 'warning' },
}

/** `▲ 2 alarms`, for the title of every page. */
export function alarmCount(alarms: readonly Alarm[]): Line {
  return alarms.length === 0
    ? [span('no alarms', 'faint')]
    : [span(`${MARK}${plural(alarms.length, 'alarm')}`, 'alarm')]
}

/** What is wrong, since when, for how long and how far, from the row `scroll` of the list on; or that nothing is. */
export function alarmPanel({ width, height }: Size, view: DashboardView, scroll: number): Line[] {
  const { alarms } = view.health
  if (alarms.length === 0)
    return framed(width, height, { title: 'alarms', body: nothingWrong({ width, height }, view.state) })
  const rows = alarmRows(alarms, width, view.atMs)
  const room = roomFor(height)
  const from = Math.min(scroll, Math.max(0, rows.length - room))
  return framed(width, height, {
    title: 'alarms',
    ink: 'alarm',
    corners: rows.length > room ? [[span(`rows ${from + 1} to ${from + room} of ${rows.length}  ↑ ↓`)]] : [],
    body: [
      [span(` ${'since (UTC)'.padEnd(SINCE)}${GAP}${'for'.padEnd(FOR)}${GAP}what, and how far`, 'faint')],
      ...rows.slice(from, from + room),
    ],
  })
}

/** By how many rows at most the list can be scrolled down. */
export function mostScroll({ width, height }: Size, { health, atMs }: DashboardView): number {
  return Math.max(0, alarmRows(health.alarms, width, atMs).length - roomFor(height))
}

/** Without the frame and the heads. */
function roomFor(height: number): number {
  return height - 3
}

function alarmRows(alarms: readonly Alarm[], width: number, nowMs: number): Line[] {
  const left = 1 + SINCE + GAP.length + FOR + GAP.length + MARK.length
  return alarms.flatMap(({ text, sinceMs }) =>
    wrapped(printable(text), width - 2 - left).map((line, i): Line => {
      if (i > 0) return [span(' '.repeat(left)), span(line)]
      const lasting = formatTime(Math.max(0, nowMs - sinceMs)).padEnd(FOR)
      return [span(` ${since(sinceMs, nowMs).padEnd(SINCE)}${GAP}${lasting}${GAP}`), span(MARK, 'alarm'), span(line)]
    }),
  )
}

/** `12:03:20`, or `03-01 12:03` from a day on. */
function since(ms: number, nowMs: number): string {
  const iso = new Date(ms).toISOString()
  return nowMs - ms < DAY_MS ? iso.slice(11, 19) : `${iso.slice(5, 10)} ${iso.slice(11, 16)}`
}

function nothingWrong({ width, height }: Size, state: FlowState): Line[] {
  const { text, ink } = NO_ALARM[state]
  const above = Math.max(0, (height - 3) >> 1)
  return [...Array.from({ length: above }, () => fitted([], width - 2)), centred(text, width - 2, ink)]
}
