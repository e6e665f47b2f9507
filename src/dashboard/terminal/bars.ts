import type { FlowState, ViewWindow } from '../view.js'
import { fitted, type Ink, type Line, type Span, span, textOf, widthOf } from './text.js'

const STATES: Record<FlowState | 'paused', { text: string; ink: Ink }> = {
  live: { text: '● live', ink: 'good' },
  paused: { text: '■ paused', ink: 'warning' },
  waiting: { text: '○ waiting for results', ink: 'warning' },
  stale: { text: '○ stale', ink: 'alarm' },
}

export function windowName(window: ViewWindow): string {
  return window === 'cumulative' ? 'cumulative' : `last ${window} s`
}

/** What is looked at, how it stands, and which counts are shown. */
export function titleBar(
  width: number,
  { title, state, window, note }: { title: string; state: FlowState | 'paused'; window: ViewWindow; note: string },
): Line {
  const { text, ink } = STATES[state]
  const right: Line = [span(text, ink), span('  '), span(windowName(window), 'strong'), span(' ')]
  const room = width - widthOf(right) - 1
  const left: Span[] = [span(' dtstream ', 'strong'), span(` ${printable(title)}`)]
  if (note !== '') left.push(span(`  ${note}`, 'faint'))
  const whole = widthOf(left) <= room
  const head: Line = whole ? fitted(left, room) : [span(`${textOf(left).slice(0, room - 1)}…`)]
  return [...head, span(' '), ...right]
}

export interface Key {
  key: string
  does: string
}

/** As many of the keys as fit, the first ones first. */
export function keyBar(width: number, keys: readonly Key[]): Line {
  const line: Span[] = []
  for (const { key, does } of keys) {
    const piece = [span(line.length > 0 ? '   ' : ' '), span(key, 'strong'), span(` ${does}`)]
    if (widthOf([...line, ...piece]) > width) break
    line.push(...piece)
  }
  return fitted(line, width)
}

/** Something that the user should know now, in the place of the keys. */
export function messageBar(width: number, message: string): Line {
  return fitted([span(` ${printable(message)}`, 'warning')], width)
}

/** Control characters would move the cursor. */
function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?')
}
