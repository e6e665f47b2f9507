/** The smallest step of 1, 2 or 5 times a power of ten that cuts `span` into at most `most` parts. */
export function niceStep(span: number, most: number): number {
  if (!(span > 0) || most < 1) return 1
  const power = 10 ** Math.floor(Math.log10(span / most))
  const factor = [1, 2, 5, 10].find((f) => span / (f * power) <= most * (1 + 1e-9)) ?? 10
  return factor * power
}

/** Multiples of a nice step from `low` to `high`, both included, at most `most + 1` of them. */
export function niceTicks(low: number, high: number, most: number): number[] {
  const step = niceStep(high - low, most)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => roundTo((first + i) * step, step))
}

/** The next of 1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9 times a power of ten that is at least `value`: a good end for an axis. */
export function niceTop(value: number): number {
  if (!(value > 0)) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  const factor = [1, 1.2, 1.5, 2, 2.5, 3, 3.5, 4, 5, 6, 7, 8, 9, 10].find((f) => value <= f * power * (1 + 1e-9)) ?? 10
  return roundTo(factor * power, power / 10)
}

/** Undoes what multiplying by 0.1 and the like leaves behind: 3 * 0.1 is 0.3. */
function roundTo(value: number, step: number): number {
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  return Number(value.toFixed(Math.min(digits, 100))) + 0
}
