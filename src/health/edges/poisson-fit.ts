import { CholeskyDecomposition, Matrix } from 'ml-matrix'

const MOST_STEPS = 100
/** A step that makes the deviance smaller by less than this is the last one; an error's worth of it is 1. */
const ENOUGH = 1e-4
const FIRST_DAMPING = 1e-3
const LEAST_DAMPING = 1e-6
const MOST_DAMPING = 1e9

export interface PoissonModel {
  readonly bins: number
  /** What is expected in a bin, and its derivatives by the parameters into `gradient`. */
  expected(bin: number, parameters: Float64Array, gradient: Float64Array): number
  /** where each parameter must stay */
  readonly least: readonly number[]
  readonly most: readonly number[]
  /** the parameters whose information says how large the errors are: not the best ones where those claim too much */
  errorsAt(parameters: Float64Array): Float64Array
}

export interface PoissonFit {
  readonly parameters: Float64Array
  /** of the parameters; 0 for those that ended at a bound */
  readonly covariance: Matrix
  /** parameters that did not end at a bound */
  readonly free: number
}

/** The model at one set of parameters: how far from the counts, and where to go from there. */
interface Point {
  readonly parameters: Float64Array
  readonly deviance: number
  readonly gradient: Float64Array
  readonly information: Matrix
}

/**
 * The parameters that make Poisson counts most probable, by Fisher's scoring with Levenberg's and Marquardt's damping: least
 * squares whose weights are those of the model, not of the counts, iterated. It makes the deviance
 * 2 sum(mu - n + n ln(n / mu)) least (Baker and Cousins, Nucl. Instr. Meth. 221 (1984) 437), and the inverse of Fisher's
 * information is the covariance.
 * @returns undefined where there is no minimum to be found
 */
export function fitPoisson(
  model: PoissonModel,
  counts: ArrayLike<number>,
  start: readonly number[],
): PoissonFit | undefined {
  let point = pointAt(model, counts, within(model, Float64Array.from(start)))
  const scale = new Float64Array(start.length)
  let damping = FIRST_DAMPING

  for (let step = 0; step < MOST_STEPS && damping < MOST_DAMPING; step++) {
    const free = freeParameters(model, point)
    for (const i of free) scale[i] = Math.max(scale[i], point.information.get(i, i))
    const next = pointAt(model, counts, within(model, moved(point, free, damping, scale)))
    const gain = point.deviance - next.deviance
    damping = gain >= 0 ? Math.max(LEAST_DAMPING, 0.1 * damping) : 10 * damping
    if (!(gain >= 0)) continue
    point = next
    if (gain < ENOUGH) return outcome(model, counts, point)
  }
  return undefined
}

function pointAt(model: PoissonModel, counts: ArrayLike<number>, parameters: Float64Array): Point {
  const size = parameters.length
  const derivatives = new Float64Array(size)
  const gradient = new Float64Array(size)
  const information = new Float64Array(size * size)
  let deviance = 0
  for (let bin = 0; bin < model.bins; bin++) {
    const mu = model.expected(bin, parameters, derivatives)
    const n = counts[bin]
    deviance += mu > 0 ? 2 * (mu - n + (n > 0 ? n * Math.log(n / mu) : 0)) : Number.POSITIVE_INFINITY
    for (let i = 0; i < size; i++) {
      gradient[i] += derivatives[i] * (n / mu - 1)
      for (let j = 0; j < size; j++) information[i * size + j] += (derivatives[i] * derivatives[j]) / mu
    }
  }
  return { parameters, deviance, gradient, information: Matrix.from1DArray(size, size, information) }
}

function within({ least, most }: PoissonModel, parameters: Float64Array): Float64Array {
  return parameters.map((value, i) => Math.min(most[i], Math.max(least[i], value)))
}

/** All but those that stand at a bound and would rather be beyond it. */
function freeParameters({ least, most }: PoissonModel, { parameters, gradient }: Point): number[] {
  return [...parameters.keys()].filter(
    (i) => !(parameters[i] <= least[i] && gradient[i] <= 0) && !(parameters[i] >= most[i] && gradient[i] >= 0),
  )
}

/**
 * The next parameters: the free ones moved by (information + damping scale)^-1 gradient. The scale is the largest diagonal so
 * far (More, Lect. Notes Math. 630 (1978) 105): a width that the counts say nothing about any more does not run away.
 */
function moved(
  { parameters, gradient, information }: Point,
  free: number[],
  damping: number,
  scale: Float64Array,
): Float64Array {
  const damped = information.selection(free, free)
  for (const [at, i] of free.entries()) damped.set(at, at, damped.get(at, at) + damping * scale[i])
  const cholesky = new CholeskyDecomposition(damped)
  const next = parameters.slice()
  if (!cholesky.isPositiveDefinite()) return next.fill(Number.NaN)
  const step = cholesky.solve(Matrix.columnVector(free.map((i) => gradient[i])))
  for (const [at, i] of free.entries()) next[i] += step.get(at, 0)
  return next
}

function outcome(model: PoissonModel, counts: ArrayLike<number>, point: Point): PoissonFit | undefined {
  const free = freeParameters(model, point)
  const { information } = pointAt(model, counts, model.errorsAt(point.parameters))
  const cholesky = new CholeskyDecomposition(information.selection(free, free))
  if (!cholesky.isPositiveDefinite()) return undefined
  const inverse = cholesky.solve(Matrix.eye(free.length))
  const covariance = Matrix.zeros(point.parameters.length, point.parameters.length)
  for (const [a, i] of free.entries()) for (const [b, j] of free.entries()) covariance.set(i, j, inverse.get(a, b))
  return { parameters: point.parameters, covariance, free: free.length }
}
