import type { Alarm } from '../../health/alarm.js'
import type { FlowState, ViewWindow } from '../view.js'
import { alarmCount } from './alarm-list.js'
import { fitted, type Ink, type Line, printable, type Span, span, textOf, widthOf } from './text.js'

const STATES: Record<FlowState | 'paused', { text: string; ink: Ink }> = {
  live: { text: '● live', ink: 'good' },
  paused: { text: '■ paused', ink: 'warning' },
  waiting: { text: '○ waiting for results', ink: 'warning' },
  stale: { text: '○ stale', ink: 'alarm' },
}

export interface TitleParts {
  readonly title: string
  readonly alarms: readonly Alarm[]
  readonly state: FlowState | 'paused'
  readonly window: ViewWindow
  readonly note: string
}

export function windowName(window: ViewWindow): string {
  return window === 'cumulative' ? 'cumulative' : `last ${window} s`
}

/** What is looked at, what is wrong, how it stands, and which counts are shown. */
export function titleBar(width: number, { title, alarms, state, window, note }: TitleParts): Line {
  const { text, ink } = STATES[state]
  const right: Line = [
    ...alarmCount(alarms),
    span('  '),
    span(text, ink),
    span('  '),
    span(windowName(window), 'strong'),
    span(' '),
  ]
  const room = width - widthOf(right) - 1
  const left: Span[] = [span(' dtstream ', 'strong'), span(` ${printable(title)}`)]
  if (note !== '') left.push(span(`  ${note}`, 'faint'))
  const whole = widthOf(left) <= room
  const head: Line = whole ? fitted(left, room) : [span(`${textOf(left).slice(0, room - 1)}…`)]
  return [...head, span(' '), ...right]
}

export interface Key {
  /** as it is shown, and as blessed names it */
  readonly key: string
  readonly press: string
  readonly does: string
  /** what it leads to is on the screen */
  readonly chosen?: boolean
}

/** A key in the bar, and the columns it takes. */
export interface PlacedKey {
  readonly key: Key
  readonly left: number
  readonly width: number
}

const KEY_GAP = 2

/** As many of the keys as fit, the first ones first. */
export function placedKeys(width: number, keys: readonly Key[]): PlacedKey[] {
  const placed: PlacedKey[] = []
  let left = 1
  for (const key of keys) {
    const wide = key.key.length + 1 + key.does.length
    if (left + wide > width) break
    placed.push({ key, left, width: wide })
    left += wide + KEY_GAP
  }
  return placed
}

export function keyBar(width: number, placed: readonly PlacedKey[]): Line {
  const line: Span[] = []
  for (const { key, left } of placed) {
    line.push(span(' '.repeat(left - widthOf(line))))
    if (key.chosen) line.push(span(`${key.key} ${key.does}`, 'chosen'))
    else line.push(span(key.key, 'strong'), span(` ${key.does}`))
  }
  return fitted(line, width)
}

/** Something that the user should know now, in the place of the keys. */
export function messageLine(message: string): Line {
  return [span(` ${printable(message)}`, 'warning')]
}
