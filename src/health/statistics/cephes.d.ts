/** Its own declarations are out of reach for imports: `exports` of its package.json does not name them. */
declare module 'cephes' {
  /** Until then no function can be called. */
  export const compiled: Promise<void>
  /** regularised incomplete gamma function Q(a, x), from x to infinity */
  export function igamc(a: number, x: number): number
  /** regularised incomplete beta function I_x(a, b) */
  export function incbet(a: number, b: number, x: number): number
  /** the normal distribution's P(X < x) */
  export function ndtr(x: number): number
}
