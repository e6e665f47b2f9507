import type { Cell } from '../../core/run-file/run-file.js'
import type { EdgeFit } from '../health-view.js'
import { pearson } from '../statistics/pearson.js'
import { type Bins, END, END_WIDTH, expectedInBin, PARAMETERS, T0, T0_WIDTH } from './box-model.js'
import { fitPoisson, type PoissonFit, type PoissonModel } from './poisson-fit.js'
import { type RoughBox, roughBox } from './start-values.js'

/** The width of an edge is at least this part of a bin, and at most a fifth of the box; the fit begins with a bin. */
const LEAST_WIDTH = 0.02
const MOST_WIDTH = 0.2
/** Edges narrower than a place in a bin is known (1/sqrt(12) of it) are not resolved: errors are those of edges so wide. */
const UNRESOLVED = 1 / Math.sqrt(12)
/** An edge narrower than a bin is off by up to this part of it, depending on where in the bin it is and on its shape. */
const BINNING_ERROR = 0.02
/** Entries per ns: a background without entries, whose logarithm is still a number. */
const NO_BACKGROUND = 1e-9
/** A box is longer than so many bins. */
const LEAST_BINS = 8

/**
 * Fits the drift-time box of a chamber: a background, and a box with two smeared edges and a top that may be inclined. The
 * drift velocity is half a cell over the distance of the edges. Errors are those of the counts; where the box describes the
 * counts badly they are multiplied by sqrt(chi2 / ndf), as the Particle Data Group does.
 * @param counts by bin
 * @returns undefined where there is no box with both edges in the histogram
 */
export function fitEdges(bins: Bins, counts: Float64Array, cell: Cell): EdgeFit | undefined {
  const rough = roughBox(bins, counts)
  if (!rough || rough.end - rough.t0 < LEAST_BINS * bins.width) return undefined
  const model = boxModel(bins, rough)
  const { background, height, t0, end } = rough
  const start = [background, height, 0, t0, end, bins.width, bins.width]
  const fit = fitPoisson(model, counts, start)
  if (!fit || !hasBothEdges(bins, fit)) return undefined
  return edgesOf(fit, model, counts, bins.width, cell)
}

function boxModel(bins: Bins, { t0, end, height, background }: RoughBox): PoissonModel {
  const { low, width } = bins
  const high = low + width * bins.bins
  const [narrow, wide] = [LEAST_WIDTH * width, MOST_WIDTH * (end - t0)]
  const middle = (t0 + end) / 2
  const most = 10 * (height + background)
  return {
    bins: bins.bins,
    expected: (bin, parameters, gradient) => expectedInBin(bins, bin, parameters, gradient),
    least: [NO_BACKGROUND, 0, -2 * most, low, middle, narrow, narrow],
    most: [most, most, 2 * most, middle, high, wide, wide],
    errorsAt: (parameters) =>
      parameters.map((value, i) => (i === T0_WIDTH || i === END_WIDTH ? Math.max(value, UNRESOLVED * width) : value)),
  }
}

/** An edge that ended at a bound has no variance. */
function hasBothEdges({ low, width, bins }: Bins, { parameters, covariance }: PoissonFit): boolean {
  const isInside = (edge: number, edgeWidth: number) =>
    covariance.get(edge, edge) > 0 &&
    parameters[edge] - parameters[edgeWidth] > low &&
    parameters[edge] + parameters[edgeWidth] < low + bins * width
  return isInside(T0, T0_WIDTH) && isInside(END, END_WIDTH)
}

function edgesOf(
  { parameters, covariance, free }: PoissonFit,
  model: PoissonModel,
  counts: Float64Array,
  binNs: number,
  cell: Cell,
): EdgeFit {
  const { chi2, ndf } = pearson(counts, expectedOf(model, parameters), free)
  const scale = errorScale(chi2, ndf)
  const errorOf = (variance: number, edges: number) =>
    Math.sqrt(scale ** 2 * variance + edges * (BINNING_ERROR * binNs) ** 2)
  const [t0Variance, endVariance] = [covariance.get(T0, T0), covariance.get(END, END)]
  const length = parameters[END] - parameters[T0]
  const lengthError = errorOf(t0Variance + endVariance - 2 * covariance.get(T0, END), 2)
  const velocity = ((cell.width_mm / 2) * 1000) / length
  return {
    t0Ns: parameters[T0],
    t0ErrorNs: errorOf(t0Variance, 1),
    endNs: parameters[END],
    endErrorNs: errorOf(endVariance, 1),
    velocity,
    velocityError: (velocity * lengthError) / length,
    chi2,
    ndf,
    entries: counts.reduce((sum, count) => sum + count, 0),
  }
}

function expectedOf(model: PoissonModel, parameters: Float64Array): Float64Array {
  const gradient = new Float64Array(PARAMETERS)
  return Float64Array.from({ length: model.bins }, (_, bin) => model.expected(bin, parameters, gradient))
}

/** Where chi2 is no larger than chance allows (3 standard deviations), errors stay what they are. */
function errorScale(chi2: number, ndf: number): number {
  return chi2 > ndf + 3 * Math.sqrt(2 * ndf) ? Math.sqrt(chi2 / ndf) : 1
}
