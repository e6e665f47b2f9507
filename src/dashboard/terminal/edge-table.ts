import { formatCount } from '../../cli/numbers.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import type { EdgeFit, HealthView } from '../../health/health-view.js'
import { type Column, tableLines } from './columns.js'
import { type Line, type Span, span } from './text.js'

const MARK = '▲'

/** The fitted edges of each chamber's drift-time box, and what the run file has for them; as many columns as fit. */
export function edgeLines({ edges, alarms }: HealthView, run: RunFile, width: number): Line[] {
  const expected = expectedEdges(run)
  const moved = (chamber: number) => alarms.some((alarm) => alarm.kind === 'drift-edges' && alarm.chamber === chamber)
  const column = (head: string, own: string, cellOf: (fit: EdgeFit) => string): Column => ({
    head,
    cells: [span(own, 'faint'), ...run.chambers.map((_, i) => cell(edges[i], cellOf, moved(i)))],
    align: 'right',
  })
  return tableLines(
    [
      {
        head: 'chamber',
        cells: [span('run file', 'faint'), ...run.chambers.map((_, i) => name(i, moved(i)))],
        align: 'left',
      },
      column('t0, ns', expected.t0.toFixed(2), ({ t0Ns, t0ErrorNs }) => measured(t0Ns, t0ErrorNs)),
      column('off', '', ({ t0Ns, t0ErrorNs }) => deviation(t0Ns - expected.t0, t0ErrorNs)),
      column('um/ns', expected.velocity.toFixed(2), (fit) => measured(fit.velocity, fit.velocityError)),
      column('off', '', (fit) => deviation(fit.velocity - expected.velocity, fit.velocityError)),
      column('χ²/ndf', '', ({ chi2, ndf }) => (chi2 / ndf).toFixed(2)),
      column('end, ns', expected.end.toFixed(2), ({ endNs, endErrorNs }) => measured(endNs, endErrorNs)),
      column('entries', '', ({ entries }) => formatCount(entries)),
    ],
    width,
  )
}

/** `53.81 ± 0.05` */
export function measured(value: number, error: number): string {
  return `${value.toFixed(2)} ± ${error.toFixed(2)}`
}

/** The offsets of the run file put t0 at 0; the box is as long as half a cell takes to drift through. */
function expectedEdges({ cell }: RunFile): { t0: number; end: number; velocity: number } {
  const velocity = cell.drift_velocity_um_per_ns
  return { t0: 0, end: (cell.width_mm * 1000) / 2 / velocity, velocity }
}

/** In standard deviations: `+1.5 σ`. */
function deviation(difference: number, error: number): string {
  const sigmas = difference / error
  return Number.isFinite(sigmas) ? `${sigmas < 0 ? '' : '+'}${sigmas.toFixed(1)} σ` : '-'
}

function cell(fit: EdgeFit | undefined, cellOf: (fit: EdgeFit) => string, moved: boolean): Span {
  return fit === undefined ? span('-', 'faint') : span(cellOf(fit), moved ? 'alarm' : 'plain')
}

function name(chamber: number, moved: boolean): Span {
  return moved ? span(`${chamber} ${MARK}`, 'alarm') : span(String(chamber), chamber)
}
