import { LONGEST_WINDOW_S, type ViewWindow } from '../../view.js'
import { Refusal } from './reply.js'

/** `window=cumulative`, which it is by default, or a whole number of seconds. */
export function windowOf(query: URLSearchParams): ViewWindow {
  const text = query.get('window') ?? 'cumulative'
  if (text === 'cumulative') return text
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (seconds >= 1 && seconds <= LONGEST_WINDOW_S) return seconds
  throw new Refusal(400, `window is cumulative, or a number of seconds from 1 to ${LONGEST_WINDOW_S}`)
}

/** `at=MS`, ms since 1970; undefined where it is left out. */
export function momentOf(query: URLSearchParams): number | undefined {
  const text = query.get('at')
  if (text === null) return undefined
  if (/^\d{1,15}(\.\d+)?$/.test(text)) return Number(text)
  throw new Refusal(400, 'at is a moment in ms since 1970')
}
