import type { Comparison, HealthView } from '../../../../health/health-view.js'
import { byId, element } from '../elements.js'
import { probability } from '../words.js'

const COLUMNS = [
  'histogram',
  'chamber',
  '\u03c7\u00b2 / ndf',
  'p(\u03c7\u00b2)',
  'Kolmogorov distance',
  'p(Kolmogorov)',
]

/** How far the histograms are from those of the reference, as a table; hidden without a reference. */
export class ComparisonTable {
  private readonly root = byId('comparisons', HTMLElement)
  private shown = ''

  /** @param chamber the only one to be shown; undefined: all */
  show({ comparisons }: Pick<HealthView, 'comparisons'>, chamber: number | undefined): void {
    const chosen = comparisons.filter((comparison) => chamber === undefined || comparison.chamber === chamber)
    const state = JSON.stringify(chosen)
    if (state === this.shown) return
    this.shown = state
    this.root.hidden = chosen.length === 0
    const head = element('thead', {}, row(COLUMNS.map((name) => element('th', { scope: 'col' }, name))))
    const body = element('tbody', {}, ...chosen.map((comparison) => row(cells(comparison))))
    const table = element('table', {}, head, body)
    const frame = element('div', { class: 'table', tabindex: '0', role: 'region', 'aria-label': 'Comparisons' }, table)
    this.root.replaceChildren(element('h2', {}, 'Compared with the reference'), frame)
  }
}

function cells({ histogram, chamber, chi2, ndf, pChi2, kolmogorov, pKolmogorov }: Comparison): HTMLElement[] {
  const numbers = [
    String(chamber),
    `${chi2.toFixed(1)} / ${ndf}`,
    probability(pChi2),
    kolmogorov.toFixed(4),
    probability(pKolmogorov),
  ]
  return [element('th', { scope: 'row' }, histogram), ...numbers.map((text) => element('td', {}, text))]
}

function row(content: HTMLElement[]): HTMLElement {
  return element('tr', {}, ...content)
}
