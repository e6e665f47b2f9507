import { normalAtMost } from '../statistics/tails.js'

/** Places of the parameters of the drift-time box; lengths in ns, contents in entries per ns. */
export const BACKGROUND = 0
/** in the middle of the box, above the background */
export const HEIGHT = 1
/** what the height gains from one edge to the other */
export const SLOPE = 2
export const T0 = 3
export const END = 4
/** standard deviations of what smears the edges */
export const T0_WIDTH = 5
export const END_WIDTH = 6
export const PARAMETERS = 7

export interface Bins {
  readonly low: number
  readonly width: number
  readonly bins: number
}

/**
 * What is expected in a bin of the drift-time histogram: a background, and above it a box between two edges that are each
 * smeared by a normal distribution, integrated over the bin. Its top may be inclined.
 * @param gradient filled with the derivatives by the parameters
 */
export function expectedInBin(
  { low, width }: Bins,
  bin: number,
  parameters: Float64Array,
  gradient: Float64Array,
): number {
  const from = low + bin * width
  const rise = smearedStep(from, from + width, parameters[T0], parameters[T0_WIDTH])
  const fall = smearedStep(from, from + width, parameters[END], parameters[END_WIDTH])
  const length = parameters[END] - parameters[T0]
  // the top changes little within a bin
  const place = (from + width / 2 - (parameters[END] + parameters[T0]) / 2) / length
  const top = parameters[HEIGHT] + parameters[SLOPE] * place
  const box = rise.integral - fall.integral
  gradient[BACKGROUND] = width
  gradient[HEIGHT] = box
  gradient[SLOPE] = place * box
  gradient[T0] = top * rise.byEdge + parameters[SLOPE] * box * ((place - 0.5) / length)
  gradient[END] = -top * fall.byEdge - parameters[SLOPE] * box * ((place + 0.5) / length)
  gradient[T0_WIDTH] = top * rise.byWidth
  gradient[END_WIDTH] = -top * fall.byWidth
  return parameters[BACKGROUND] * width + top * box
}

/**
 * A step from 0 to 1 at `edge`, smeared with `sigma`, integrated from a to b, and the integral's derivatives. The integral of
 * the normal distribution's Phi(x) is x Phi(x) + phi(x).
 */
function smearedStep(a: number, b: number, edge: number, sigma: number) {
  const [x, y] = [(a - edge) / sigma, (b - edge) / sigma]
  const [phiX, phiY] = [density(x), density(y)]
  const [belowX, belowY] = [normalAtMost(x), normalAtMost(y)]
  return {
    integral: sigma * (y * belowY + phiY - x * belowX - phiX),
    byEdge: belowX - belowY,
    byWidth: phiY - phiX,
  }
}

function density(x: number): number {
  return Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
}
