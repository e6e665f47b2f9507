import { VIEW_WINDOWS, type ViewWindow } from '../view.js'
import { PAGES, type Page } from './pages.js'

/** What the keys decide about a dashboard. */
export interface Choice {
  readonly page: Page
  /** the chamber of the chamber's page */
  readonly chamber: number
  readonly window: ViewWindow
  /** maps and histograms by channel count orbits with a scintillator signal only */
  readonly scintillator: boolean
  /** logarithmic scales */
  readonly log: boolean
  /** rows by which the list of alarms is scrolled down */
  readonly scroll: number
  readonly paused: boolean
  readonly help: boolean
}

export const FIRST_CHOICE: Choice = {
  page: 'overview',
  chamber: 0,
  window: 'cumulative',
  scintillator: false,
  log: false,
  scroll: 0,
  paused: false,
  help: false,
}

/** What a key does beside changing the choice. */
export type Effect = 'quit' | 'interrupt' | 'reset' | undefined

/** What there is to choose among. */
export interface Room {
  readonly chambers: number
  /** rows by which the list of alarms can be scrolled down */
  readonly scroll: number
}

type Change = (choice: Choice, room: Room) => Partial<Choice>

const PAGE_ROWS = 10

const CHANGES: Record<string, Change> = {
  o: () => ({ page: 'overview' }),
  t: () => ({ page: 'rates' }),
  h: () => ({ page: 'health' }),
  tab: ({ page }) => ({ page: pageBeside(page, 1) }),
  'S-tab': ({ page }) => ({ page: pageBeside(page, -1) }),
  '0': () => ({ page: 'overview' }),
  escape: () => ({ page: 'overview' }),
  left: ({ page, chamber }, { chambers }) =>
    page === 'chamber' ? { chamber: (chamber + chambers - 1) % chambers } : {},
  right: ({ page, chamber }, { chambers }) => (page === 'chamber' ? { chamber: (chamber + 1) % chambers } : {}),
  p: ({ paused }) => ({ paused: !paused }),
  c: ({ window }) => ({ window: nextWindow(window) }),
  s: ({ scintillator }) => ({ scintillator: !scintillator }),
  l: ({ log }) => ({ log: !log }),
  '?': () => ({ help: true }),
  up: scrolledBy(-1),
  down: scrolledBy(1),
  pageup: scrolledBy(-PAGE_ROWS),
  pagedown: scrolledBy(PAGE_ROWS),
}

/** What a key does; `key` is named as blessed names it. An unknown one does nothing, and leaves the choice the same object. */
export function press(choice: Choice, key: string, room: Room): { choice: Choice; effect: Effect } {
  if (key === 'C-c') return { choice, effect: 'interrupt' }
  if (key === 'q') return { choice, effect: 'quit' }
  if (choice.help) return { choice: { ...choice, help: false }, effect: undefined }
  if (key === 'r') return { choice, effect: 'reset' }
  return { choice: changed(choice, key, room), effect: undefined }
}

function changed(choice: Choice, key: string, room: Room): Choice {
  const change = /^[1-9]$/.test(key) ? chamberOf(key) : Object.hasOwn(CHANGES, key) ? CHANGES[key] : undefined
  const to = change?.(choice, room) ?? {}
  return Object.entries(to).every(([name, value]) => choice[name as keyof Choice] === value)
    ? choice
    : { ...choice, ...to }
}

/** The chamber's page, and back again where it is there already. */
function chamberOf(key: string): Change {
  const chamber = Number(key) - 1
  return (choice, { chambers }) => {
    if (chamber >= chambers) return {}
    return choice.page === 'chamber' && choice.chamber === chamber ? { page: 'overview' } : { page: 'chamber', chamber }
  }
}

/** The next shorter or longer one, and after the longest all counts again. */
export function nextWindow(window: ViewWindow): ViewWindow {
  return VIEW_WINDOWS[(VIEW_WINDOWS.indexOf(window) + 1) % VIEW_WINDOWS.length]
}

function pageBeside(page: Page, step: number): Page {
  return PAGES[(PAGES.indexOf(page) + step + PAGES.length) % PAGES.length]
}

function scrolledBy(rows: number): Change {
  return ({ page, scroll }, room) =>
    page === 'health' ? { scroll: Math.max(0, Math.min(room.scroll, Math.min(room.scroll, scroll) + rows)) } : {}
}
