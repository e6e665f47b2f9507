import type { Page } from 'playwright-core'
import type { Result, SparseCounts } from '../../../src/core/results/result.js'
import { CELLS, DEFAULT_RUN, driftBinCount } from '../../../src/core/run-file/run-file.js'

/** What a chamber's plots hold, in the order of cells and bins. */
export interface ChamberPlots {
  occupancy: number[]
  map: number[]
  scintillatorMap: number[]
  drift: number[]
  multiplicity: number[]
}

/** What Bokeh has been given to draw, by chamber; undefined for a plot that was not drawn. */
export function drawn(page: Page): Promise<Partial<ChamberPlots>[]> {
  return page.evaluate(() => {
    const column = (plot: string, name: string): number[] | undefined => {
      const figures = Bokeh.documents.map(
        (one) => one.get_model_by_name(plot) as InstanceType<typeof Bokeh.Plot> | null,
      )
      const renderer = figures.find((one) => one !== null)?.renderers[0]
      if (!(renderer instanceof Bokeh.GlyphRenderer)) return undefined
      return Array.from(renderer.data_source.get_array<number>(name))
    }
    const histogram = (plot: string) => column(plot, 'top')?.slice(0, -1)
    const map = (plot: string) => {
      const cells = column(plot, 'cell')
      const hits = column(plot, 'hits')
      return cells && hits && cells.map((_, cell) => hits[cells.indexOf(cell)])
    }
    return [0, 1, 2, 3].map((chamber) => ({
      occupancy: histogram(`occupancy-${chamber}`),
      map: map(`map-${chamber}`),
      scintillatorMap: map(`scintillator-map-${chamber}`),
      drift: histogram(`drift-${chamber}`),
      multiplicity: histogram(`multiplicity-${chamber}`),
    })) as never
  })
}

/** What the plots are to hold of a result. */
export function plotsOf(result: Result): ChamberPlots[] {
  const { low_ns, width_ns } = DEFAULT_RUN.drift_time
  return DEFAULT_RUN.chambers.map(({ first_channel }, chamber) => {
    const byCell = (counts: SparseCounts) => dense(counts, CELLS, (channel) => channel - first_channel)
    const cells = byCell(result.tdc_counts_chamber[chamber])
    return {
      occupancy: cells,
      map: cells,
      scintillatorMap: byCell(result.tdc_counts_scintillator_chamber[chamber]),
      drift: dense(result.drift_time_chamber[chamber], driftBinCount(DEFAULT_RUN.drift_time), (edge) =>
        Math.round((edge - low_ns) / width_ns),
      ),
      multiplicity: result.active_multiplicity_chamber[chamber],
    }
  })
}

function dense({ bin_edges, hist_counts }: SparseCounts, length: number, place: (edge: number) => number): number[] {
  const counts = new Array<number>(length).fill(0)
  bin_edges.forEach((edge, i) => {
    counts[place(edge)] = hist_counts[i]
  })
  return counts
}

/** Counts how often Bokeh paints within so many ms. */
export function paintings(page: Page, withinMs: number): Promise<number> {
  return page.evaluate(async (ms) => {
    let count = 0
    for (const root of Bokeh.documents.flatMap((one) => one.roots())) {
      const view = Bokeh.index.get(root) as unknown as { paint(...args: unknown[]): unknown }
      const paint = view.paint.bind(view)
      view.paint = (...args) => {
        count++
        return paint(...args)
      }
    }
    await new Promise((resolve) => setTimeout(resolve, ms))
    return count
  }, withinMs)
}
