import { keyBar, placedKeys, titleBar } from './bars.js'
import { layChamber } from './chamber-page.js'
import { layHealth } from './health-page.js'
import { HELP_SIZE, helpPanel } from './help.js'
import { MOST_SHOWN, SMALLEST } from './layout.js'
import { layOverview } from './overview-page.js'
import { pageKeys } from './page-keys.js'
import type { Page } from './pages.js'
import { paintedLines } from './palette.js'
import { layRates } from './rates-page.js'
import type { Show, Stage } from './stage.js'
import { centred, fitted, type Line } from './text.js'

const LAY: Record<Page, (stage: Stage) => Show> = {
  overview: layOverview,
  chamber: layChamber,
  rates: layRates,
  health: layHealth,
}

export interface PageParts {
  /** what is looked at */
  readonly title: string
  /** what stands in the place of the keys, where something does */
  foot(): Line | undefined
}

/** Lays the chosen page out on the whole screen, between a title and the keys; a screen that is too small says so. */
export function layPage(stage: Stage, parts: PageParts): Show {
  const { screen, palette } = stage
  const { width, height } = screen
  if (width >= SMALLEST.width && height >= SMALLEST.height) return layWhole(stage, parts)
  const setText = screen.addBox({ left: 0, top: 0, width, height })
  return () => setText(paintedLines(tooSmall(width, height), palette))
}

function layWhole(stage: Stage, { title, foot }: PageParts): Show {
  const { palette, screen, choice } = stage
  const { width, height } = screen
  const setTitle = screen.addBox({ left: 0, top: 0, width, height: 1 })
  const setKeys = screen.addBox({ left: 0, top: height - 1, width, height: 1 })
  const showPanels = LAY[choice.page](stage)
  const keys = layKeys(stage)
  stage.onClick({ left: 0, top: 0, width, height: 1 }, 'h')
  if (choice.help) layHelp(stage)
  return (view) => {
    const state = choice.paused ? 'paused' : view.state
    const bar = titleBar(width, { title, alarms: view.health.alarms, state, window: view.window, note: noteOf(stage) })
    setTitle(paintedLines([bar], palette))
    setKeys(paintedLines([fitted(foot() ?? keys, width)], palette))
    showPanels(view)
  }
}

function layKeys({ screen, run, choice, onClick }: Stage): Line {
  const { width, height } = screen
  const placed = placedKeys(width, pageKeys(choice, run))
  for (const { key, ...columns } of placed) onClick({ ...columns, top: height - 1, height: 1 }, key.press)
  return keyBar(width, placed)
}

function layHelp({ screen, palette, onClick }: Stage): void {
  const left = (screen.width - HELP_SIZE.width) >> 1
  const top = (screen.height - HELP_SIZE.height) >> 1
  screen.addBox({ left, top, ...HELP_SIZE })(paintedLines(helpPanel(), palette))
  onClick({ left: 0, top: 0, width: screen.width, height: screen.height }, 'escape')
}

/** Which chambers are on a page that has not room for all. */
function noteOf({ run, choice }: Stage): string {
  const chambers = run.chambers.length
  return chambers > MOST_SHOWN && choice.page !== 'chamber' ? `chambers 0 to ${MOST_SHOWN - 1} of ${chambers}` : ''
}

function tooSmall(width: number, height: number): Line[] {
  const texts = [
    'The terminal is too small',
    `${width} x ${height}, at least ${SMALLEST.width} x ${SMALLEST.height} is needed`,
  ]
  const above = Math.max(0, (height - texts.length) >> 1)
  return [...Array.from({ length: above }, () => []), ...texts.map((text) => centred(text, width))]
}
