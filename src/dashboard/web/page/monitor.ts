import type { DashboardView } from '../../view.js'
import type { PageRun } from '../messages.js'
import type { Card } from './card.js'
import { byId, setText } from './elements.js'
import { readInk } from './palette.js'
import { AlarmPanel } from './panels/alarms.js'
import { type BadgeState, showBadge } from './panels/badge.js'
import { ComparisonTable } from './panels/comparisons.js'
import { Controls } from './panels/controls.js'
import { FigureStrip } from './panels/figures.js'
import { fullTitle } from './plots/plot.js'
import { save, toPng } from './png.js'
import { Screen } from './screen.js'
import { formatSettings, parseSettings, type Settings } from './settings.js'
import { setUpTheme } from './theme.js'
import { moment } from './words.js'

/** Where views come from: a live stream, or a recorded run. */
export interface Feed {
  setWindow(window: Settings['window']): void
}

/** The page: holds the newest view and what the viewer has chosen, and draws one in terms of the other, at most once a frame. */
export class Monitor {
  settings: Settings
  private readonly controls: Controls
  private readonly figures = new FigureStrip()
  private readonly alarms = new AlarmPanel()
  private readonly comparisons = new ComparisonTable()
  private readonly screen: Screen
  private feed: Feed | undefined
  private latest: { view: DashboardView; receivedMs: number } | undefined
  private shown: DashboardView | undefined
  private connected: boolean | undefined
  private paused = false
  private isScheduled = false

  constructor(private readonly page: PageRun) {
    this.settings = parseSettings(location.hash, page.run.chambers.length)
    this.controls = new Controls(page.run, (chosen) => this.choose(chosen))
    this.screen = new Screen(byId('plots', HTMLElement), page.run, {
      enlarge: (chamber) => this.choose({ chamber }),
      back: () => this.choose({ chamber: undefined }),
      save: (card) => void this.savePng(card),
    })
    setText(byId('run', HTMLElement), page.run.name)
    setText(byId('title', HTMLElement), page.title)
    setUpTheme(() => this.screen.build(this.settings))
    this.controls.show(this.settings)
    this.listen()
  }

  /** Says whom to tell of another window. */
  feedFrom(feed: Feed): void {
    this.feed = feed
  }

  onView(view: DashboardView): void {
    this.latest = { view, receivedMs: performance.now() }
    this.schedule()
  }

  onConnected(connected: boolean): void {
    this.connected = connected
    this.showState()
  }

  onMessage(text: string): void {
    const notice = byId('notice', HTMLElement)
    notice.hidden = false
    setText(notice, text)
  }

  /** Takes over what was chosen; the address keeps it. */
  choose(chosen: Partial<Settings>): void {
    const before = this.settings
    this.settings = { ...before, ...chosen }
    const { window, log, chamber } = this.settings
    history.replaceState(null, '', `#${formatSettings(this.settings)}`)
    this.controls.show(this.settings)
    if (log !== before.log || chamber !== before.chamber) this.screen.build(this.settings)
    if (chamber !== before.chamber) scrollTo({ top: 0 })
    if (window !== before.window) {
      this.shown = undefined
      this.feed?.setWindow(window)
    }
    this.schedule()
  }

  private listen(): void {
    const pause = byId('pause', HTMLButtonElement)
    pause.hidden = this.page.recorded !== null
    pause.addEventListener('click', () => {
      this.paused = !this.paused
      pause.setAttribute('aria-pressed', String(this.paused))
      this.schedule()
    })
    document.addEventListener('visibilitychange', () => this.schedule())
    addEventListener('hashchange', () => location.reload())
    addEventListener('keydown', ({ key }) => {
      if (key === 'Escape' && this.settings.chamber !== undefined) this.choose({ chamber: undefined })
    })
    setInterval(() => this.showState(), 1000)
  }

  /** Draws in the next frame; while nobody sees the page, not at all. */
  private schedule(): void {
    if (this.isScheduled || document.hidden) return
    this.isScheduled = true
    requestAnimationFrame(() => {
      this.isScheduled = false
      this.draw()
    })
  }

  private draw(): void {
    const view = this.viewToShow()
    if (view && view !== this.shown) {
      this.shown = view
      this.screen.show(view)
      this.alarms.show(view)
      this.nameTab(view)
    }
    if (view) this.comparisons.show(view.health, this.settings.chamber)
    this.showState()
  }

  /** While paused that which stands there, unless there is none of the window chosen. */
  private viewToShow(): DashboardView | undefined {
    if (this.paused && this.shown) return this.shown
    const view = this.latest?.view
    return view?.window === this.settings.window ? view : undefined
  }

  private showState(): void {
    if (document.hidden) return
    showBadge(this.state(), this.shown?.atMs)
    if (this.shown) this.figures.show(this.shown, this.ageMs(this.shown))
  }

  private state(): BadgeState {
    if (this.page.recorded) return 'recorded'
    if (this.connected === undefined) return 'connecting'
    if (!this.connected) return 'disconnected'
    return this.paused ? 'paused' : (this.latest?.view.state ?? 'waiting')
  }

  /** The newest result goes on growing older while no view comes. */
  private ageMs(view: DashboardView): number | undefined {
    const sinceMs = view === this.latest?.view && !this.page.recorded ? performance.now() - this.latest.receivedMs : 0
    return view.ageMs === undefined ? undefined : view.ageMs + sinceMs
  }

  private nameTab({ health: { alarms } }: DashboardView): void {
    const count = alarms.length > 0 ? `(${alarms.length}) ` : ''
    document.title = `${count}${this.page.run.name} \u00b7 dtstream`
  }

  private async savePng({ spec, plot }: Card): Promise<void> {
    if (!plot || !this.shown) return
    const { window, atMs } = this.shown
    const title = fullTitle(spec)
    const counts = window === 'cumulative' ? 'all results' : `last ${window} s`
    const subtitle = `${this.page.run.name} \u00b7 ${this.page.title} \u00b7 ${counts} \u00b7 ${moment(atMs)}`
    const blob = await toPng({ figure: plot.figure, title, subtitle, legend: spec.legend, ink: readInk() })
    const stamp = new Date(atMs).toISOString().slice(0, 19).replaceAll(':', '')
    if (blob) save(blob, `${this.page.run.name}-${spec.name}-${stamp}Z.png`)
  }
}
