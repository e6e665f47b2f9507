import { formatCount, formatRate, formatTime } from '../../../../cli/numbers.js'
import type { DashboardView } from '../../../view.js'
import { byId, element, setText } from '../elements.js'
import { NONE } from '../words.js'

interface Figure {
  readonly label: string
  text(view: DashboardView, ageMs: number | undefined): string
  /** whether it is something to look into */
  notable?(view: DashboardView): boolean
}

const FIGURES: readonly Figure[] = [
  { label: 'rows read', text: ({ rows }) => formatCount(rows.read) },
  { label: 'rate', text: ({ rowRate }) => (rowRate === undefined ? NONE : formatRate(rowRate)) },
  { label: 'hits', text: ({ rows }) => formatCount(rows.hits) },
  { label: 'scintillator', text: ({ rows }) => formatCount(rows.scintillator) },
  { label: 'ancillary', text: ({ rows }) => formatCount(rows.ancillary) },
  { label: 'unmapped', text: ({ rows }) => formatCount(rows.unmapped) },
  { label: 'malformed', text: ({ rows }) => formatCount(rows.malformed), notable: ({ rows }) => rows.malformed > 0 },
  { label: 'late', text: ({ rows }) => formatCount(rows.late), notable: ({ rows }) => rows.late > 0 },
  { label: 'gaps', text: ({ gaps }) => formatCount(gaps), notable: ({ gaps }) => gaps > 0 },
  { label: 'results', text: ({ results }) => formatCount(results) },
  { label: 'lag, messages', text: ({ lagMessages }) => (lagMessages === undefined ? NONE : formatCount(lagMessages)) },
  { label: 'age of newest', text: (_view, ageMs) => (ageMs === undefined ? NONE : formatTime(ageMs)) },
]

/** The strip of numbers above the plots. */
export class FigureStrip {
  private readonly tiles

  constructor() {
    this.tiles = FIGURES.map((figure) => {
      const value = element('dd', {}, NONE)
      return { figure, value, tile: element('div', {}, element('dt', {}, figure.label), value) }
    })
    byId('figures', HTMLElement).replaceChildren(...this.tiles.map(({ tile }) => tile))
  }

  /** @param ageMs of the newest result, as it is now */
  show(view: DashboardView, ageMs: number | undefined): void {
    for (const { figure, value, tile } of this.tiles) {
      setText(value, figure.text(view, ageMs))
      tile.classList.toggle('notable', figure.notable?.(view) ?? false)
    }
  }
}
