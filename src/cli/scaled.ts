/** Decimal text times a factor, rounded where only the binary fraction is to blame: `1.1` times 1000 is 1100. */
export function scaled(decimal: string, factor: number): number {
  const product = Number(decimal) * factor
  const whole = Math.round(product)
  return Math.abs(product - whole) <= whole * Number.EPSILON * 2 ? whole : product
}
