/** How numbers look wherever a person reads them. All of them are for the eye: nothing reads them back. */

const STEPS: readonly [factor: number, prefix: string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
]

const BINARY: readonly [factor: number, unit: string][] = [
  [2 ** 40, 'TiB'],
  [2 ** 30, 'GiB'],
  [2 ** 20, 'MiB'],
  [2 ** 10, 'KiB'],
]

/** `9999`, `12.3 k`, `1.20 M`: whole below ten thousand, three digits and a prefix from there on. */
export function formatCount(count: number): string {
  if (!Number.isFinite(count)) return count > 0 ? 'no limit' : '-'
  if (Math.round(count) < 10_000) return String(Math.round(count))
  return prefixed(count)
}

/** Rows per second: `998/s`, `12.3 k/s`, `max` without a limit; below ten with one decimal. */
export function formatRate(rowsPerSecond: number): string {
  if (rowsPerSecond === Number.POSITIVE_INFINITY) return 'max'
  const slow = rowsPerSecond > 0 && rowsPerSecond < 9.95
  return `${slow ? rowsPerSecond.toFixed(1) : formatCount(rowsPerSecond)}/s`
}

/** `2 GiB` where it is a whole number of those, else `1.23 MB`, `999 B`. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return 'no limit'
  for (const [factor, unit] of BINARY) {
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor} ${unit}`
  }
  if (bytes < 1000) return `${Math.round(bytes)} B`
  return `${prefixed(bytes)}B`
}

/** A stretch of time: `0 s`, `12 s`, `2 min 5 s`, `1 h 3 min`, `2 d 4 h`. */
export function formatTime(ms: number): string {
  if (!Number.isFinite(ms)) return 'no limit'
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  if (seconds < 3600) return joined([Math.floor(seconds / 60), 'min'], [seconds % 60, 's'])
  const minutes = Math.round(seconds / 60)
  if (minutes < 1440) return joined([Math.floor(minutes / 60), 'h'], [minutes % 60, 'min'])
  const hours = Math.round(minutes / 60)
  return joined([Math.floor(hours / 24), 'd'], [hours % 24, 'h'])
}

/** `1 topic`, `2 topics`; the number as `formatCount` has it. */
export function plural(count: number, word: string): string {
  return `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`
}

/** Three digits and a prefix; what rounds up to 1000 takes the next prefix. */
function prefixed(value: number): string {
  for (const [factor, prefix] of STEPS) {
    if (value >= factor * 0.9995) {
      const scaled = value / factor
      return `${scaled.toFixed(scaled < 9.995 ? 2 : scaled < 99.95 ? 1 : 0)} ${prefix}`
    }
  }
  return String(Math.round(value))
}

function joined(...parts: [amount: number, unit: string][]): string {
  return parts
    .filter(([amount], index) => index === 0 || amount > 0)
    .map(([amount, unit]) => `${amount} ${unit}`)
    .join(' ')
}
