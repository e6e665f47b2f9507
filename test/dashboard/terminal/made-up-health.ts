import type { Alarm } from '../../../src/health/alarm.js'
import type { Comparison, EdgeFit, HealthView } from '../../../src/health/health-view.js'
import { T0 } from '../made-up.js'

/** An alarm; whatever is left out is that of a dead cell. */
export function alarm(made: Partial<Alarm> = {}): Alarm {
  const { kind = 'dead-cell', chamber = 2, cell = 41 } = made
  return {
    id: [kind, chamber, cell].filter((part) => part !== undefined).join('/'),
    kind,
    chamber,
    cell,
    text: `cell ${cell} of chamber ${chamber} is dead: 0 hits where 31 are expected`,
    value: 0,
    limit: 31,
    unit: 'hits',
    sinceMs: T0 - 125_000,
    ...made,
  }
}

/** A fit as the built-in run file has it, but for what is given. */
export function edgeFit(made: Partial<EdgeFit> = {}): EdgeFit {
  const edges = { t0Ns: 0, t0ErrorNs: 0.2, endNs: 390.33, endErrorNs: 0.3, velocity: 53.8, velocityError: 0.06 }
  return { ...edges, chi2: 31.2, ndf: 40, entries: 120_000, ...made }
}

const HISTOGRAMS = ['occupancy', 'scintillator occupancy', 'drift time', 'multiplicity'] as const

/** So many dead cells, a chamber whose velocity has moved and one without a fit, and comparisons of all histograms. */
export function unwell(alarms: number): HealthView {
  const dead = Array.from({ length: alarms - 1 }, (_, i) => alarm({ chamber: 3, cell: i % 64, id: `dead-cell/3/${i}` }))
  const moved = 'the drift velocity of chamber 0 is 52.10 um/ns, 1.70 um/ns from the 53.80 um/ns of the run file'
  return {
    alarms: [
      ...dead,
      alarm({ kind: 'drift-edges', chamber: 0, cell: undefined, text: moved, sinceMs: T0 - 2 * 86_400_000 }),
    ],
    edges: [edgeFit({ velocity: 52.1, t0Ns: 0.31 }), edgeFit(), edgeFit(), undefined],
    comparisons: HISTOGRAMS.flatMap((histogram, i) =>
      [0, 1, 2, 3].map((chamber): Comparison => {
        const found = { chi2: 60 + i, ndf: 60, pChi2: chamber === 0 ? 3e-5 : 0.5, kolmogorov: 0.012, pKolmogorov: 0.25 }
        return { histogram, chamber, ...found }
      }),
    ),
  }
}
