import { VIEW_WINDOWS, type ViewWindow } from '../view.js'

/** What the keys decide about a dashboard. */
export interface Choice {
  readonly window: ViewWindow
  /** the chamber that is shown large */
  readonly large: number | undefined
  readonly paused: boolean
  readonly help: boolean
}

export const FIRST_CHOICE: Choice = { window: 'cumulative', large: undefined, paused: false, help: false }

/** What a key does beside changing the choice. */
export type Effect = 'quit' | 'interrupt' | 'reset' | undefined

/** What a key does; `key` is named as blessed names it. An unknown one does nothing. */
export function press(choice: Choice, key: string, chambers: number): { choice: Choice; effect: Effect } {
  if (key === 'C-c') return { choice, effect: 'interrupt' }
  if (key === 'q') return { choice, effect: 'quit' }
  if (choice.help) return { choice: { ...choice, help: false }, effect: undefined }
  if (key === 'r') return { choice, effect: 'reset' }
  return { choice: changed(choice, key, chambers), effect: undefined }
}

function changed(choice: Choice, key: string, chambers: number): Choice {
  const { large } = choice
  switch (key) {
    case 'p':
      return { ...choice, paused: !choice.paused }
    case 'c':
      return { ...choice, window: nextWindow(choice.window) }
    case '?':
      return { ...choice, help: true }
    case '0':
    case 'escape':
      return { ...choice, large: undefined }
    case 'left':
      return large === undefined ? choice : { ...choice, large: (large + chambers - 1) % chambers }
    case 'right':
      return large === undefined ? choice : { ...choice, large: (large + 1) % chambers }
    default:
      return /^[1-9]$/.test(key) && Number(key) <= chambers ? enlarged(choice, Number(key) - 1) : choice
  }
}

/** The next shorter or longer one, and after the longest all counts again. */
export function nextWindow(window: ViewWindow): ViewWindow {
  return VIEW_WINDOWS[(VIEW_WINDOWS.indexOf(window) + 1) % VIEW_WINDOWS.length]
}

function enlarged(choice: Choice, chamber: number): Choice {
  return { ...choice, large: choice.large === chamber ? undefined : chamber }
}
