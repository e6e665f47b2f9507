import { VIEW_WINDOWS, type ViewWindow } from '../../view.js'

/** What the viewer has chosen. It stands in the address, so that a link shows the same. */
export interface Settings {
  readonly window: ViewWindow
  readonly log: boolean
  /** the one that is shown large */
  readonly chamber: number | undefined
  /** moment of a recorded run, ms since 1970; undefined is its end */
  readonly at: number | undefined
}

/** Reads the part of an address after `#`; what is not understood is as if it were not there. */
export function parseSettings(hash: string, chambers: number): Settings {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const window = Number(given.get('window'))
  return {
    window: VIEW_WINDOWS.includes(window) ? window : 'cumulative',
    log: given.get('scale') === 'log',
    chamber: wholeNumber(given.get('chamber'), chambers - 1),
    at: wholeNumber(given.get('at'), Number.MAX_SAFE_INTEGER),
  }
}

/** The same as text; empty where nothing was chosen. */
export function formatSettings({ window, log, chamber, at }: Settings): string {
  const chosen = new URLSearchParams()
  if (chamber !== undefined) chosen.set('chamber', String(chamber))
  if (window !== 'cumulative') chosen.set('window', String(window))
  if (log) chosen.set('scale', 'log')
  if (at !== undefined) chosen.set('at', String(at))
  return chosen.toString()
}

function wholeNumber(text: string | null, most: number): number | undefined {
  return text !== null && /^\d+$/.test(text) && Number(text) <= most ? Number(text) : undefined
}
