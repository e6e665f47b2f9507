/** The rate, as `--rate` takes it, at which so many rows last as long as all that is to happen. */
export function flowFor(rows: number, pausesMs: readonly number[]): string {
  const seconds = pausesMs.reduce((sum, ms) => sum + ms, 0) / 1000
  return `${Math.ceil(rows / seconds)}/s`
}
