import type { RunFile } from '../../../core/run-file/run-file.js'
import type { DashboardView } from '../../view.js'
import { Card, type CardActions } from './card.js'
import { element } from './elements.js'
import { readInk } from './palette.js'
import { chamberHead } from './panels/chamber-head.js'
import { oneChamber, overview, type Section } from './plots/overview.js'
import type { Detail, PlotContext, PlotSpec } from './plots/plot.js'
import type { Settings } from './settings.js'

/** How far outside the window a plot is kept up to date, so that scrolling finds it ready. */
const AHEAD = '60px'
/** Plots that are drawn in one frame: more would hold up a click or a scroll. */
const PLOTS_A_FRAME = 3
/** What was too small a change to be seen is drawn after this long. */
const SETTLE_MS = 1000

/** The plots of the page. They are made anew where scale, colours or the chamber change; those that are on the screen are drawn, a few in each frame. */
export class Screen {
  private cards: Card[] = []
  private observer: IntersectionObserver | undefined
  private latest: DashboardView | undefined
  /** what is to be drawn yet */
  private readonly waiting = new Map<Card, Detail>()
  private isDrawing = false

  constructor(
    private readonly root: HTMLElement,
    private readonly run: RunFile,
    private readonly actions: CardActions,
  ) {
    setInterval(() => this.drawVisible('all'), SETTLE_MS)
  }

  /** Builds the plots that these settings ask for. */
  build({ log, chamber }: Pick<Settings, 'log' | 'chamber'>): void {
    this.observer?.disconnect()
    this.waiting.clear()
    for (const card of this.cards) card.dispose()
    const only = this.run.chambers.length === 1 ? 0 : chamber
    const context: PlotContext = { run: this.run, ink: readInk(), log, large: only !== undefined }
    const sections = only === undefined ? overview(this.run) : oneChamber(this.run, only)
    const actions = { ...this.actions, enlarge: only === undefined ? this.actions.enlarge : undefined }
    const built = sections.map((section) => buildSection(section, context, actions))
    this.cards = built.flatMap(({ cards }) => cards)
    const back = chamber === undefined ? undefined : actions.back
    const head = only === undefined ? [] : [chamberHead(this.run, only, back)]
    this.root.replaceChildren(...head, ...built.map((section) => section.element))
    this.watchVisibility()
  }

  show(view: DashboardView): void {
    this.latest = view
    this.drawVisible('seen')
  }

  private drawVisible(detail: Detail): void {
    if (document.hidden) return
    for (const card of this.cards) if (card.isVisible) this.drawSoon(card, detail)
  }

  private drawSoon(card: Card, detail: Detail): void {
    if (detail === 'all' || !this.waiting.has(card)) this.waiting.set(card, detail)
    this.drawInNextFrame()
  }

  private drawInNextFrame(): void {
    if (this.isDrawing) return
    this.isDrawing = true
    requestAnimationFrame(() => this.drawSome())
  }

  private drawSome(): void {
    this.isDrawing = false
    let drawn = 0
    for (const [card, detail] of this.waiting) {
      this.waiting.delete(card)
      if (this.latest && card.isVisible && card.draw(this.latest, detail)) drawn++
      if (drawn === PLOTS_A_FRAME) break
    }
    if (this.waiting.size > 0) this.drawInNextFrame()
  }

  private watchVisibility(): void {
    const byElement = new Map<Element, Card>(this.cards.map((card) => [card.element, card]))
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const card = byElement.get(target)
          if (!card) continue
          card.isVisible = isIntersecting
          if (isIntersecting) this.drawSoon(card, 'all')
        }
      },
      { rootMargin: AHEAD },
    )
    for (const card of this.cards) this.observer.observe(card.element)
  }
}

function buildSection({ title, layout, plots }: Section, context: PlotContext, actions: CardActions) {
  const heading = (spec: PlotSpec) => (layout === 'chambers' ? `Chamber ${spec.chamber}` : spec.title)
  const cards = plots.map((spec) => new Card(spec, heading(spec), context, actions))
  const grid = element('div', { class: `grid ${layout}` }, ...cards.map((card) => card.element))
  return { cards, element: element('section', {}, element('h2', {}, title), grid) }
}
