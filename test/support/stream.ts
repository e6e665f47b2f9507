/** Streams of rows for random tests: made from a seed, so that fast-check can name and shrink them. */

/** Rows as text, and what only the maker of the stream knows of them. */
export interface StreamRow {
  text: string
  /** runs are numbered from 0 */
  run: number
  /** ORBIT_CNT counted on through wraps and restarts; for an ancillary row, that of the rows around it */
  at: number
  /** ORBIT_CNT as on the wire */
  orbit: number
}

export interface StreamOptions {
  seed: number
  /** orbits that have rows */
  orbits: number
  /** ORBIT_CNT of the first */
  start: number
  /** most orbits from one to the next */
  mostApart: number
  /** least orbits from one to the next */
  leastApart?: number
  run?: number
  at?: number
}

export type Random = () => number

/** Numbers from 0 to below 1 (mulberry32, Tommy Ettinger). */
export function seeded(seed: number): Random {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let x = Math.imul(state ^ (state >>> 15), 1 | state)
    x = (x + Math.imul(x ^ (x >>> 7), 61 | x)) ^ x
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Hits in muon-like bunches, scintillator signals, ancillary and unmapped rows, in the order of their orbits. */
export function stream({
  seed,
  orbits,
  start,
  mostApart,
  leastApart = 1,
  run = 0,
  at = start,
}: StreamOptions): StreamRow[] {
  const random = seeded(seed)
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const rows: StreamRow[] = []
  let passed = 0
  for (let i = 0; i < orbits; i++) {
    const orbit = (start + passed) % 2 ** 32
    const place = { run, at: at + passed, orbit }
    const bx = upTo(3563)
    const hit = () => `2,${upTo(1)},${upTo(127)},${orbit},${Math.min(3563, bx + upTo(16))},${upTo(29)}`
    for (let hits = 1 + (random() < 0.3 ? upTo(12) : 0); hits > 0; hits--) rows.push({ text: hit(), ...place })
    for (let signals = random() < 0.5 ? 1 + upTo(1) : 0; signals > 0; signals--)
      rows.push({ text: `2,1,128,${orbit},${bx},${upTo(29)}`, ...place })
    if (random() < 0.1) rows.push({ text: `2,1,${137 + upTo(2)},${orbit},${bx},0`, ...place })
    if (random() < 0.2)
      rows.push({ text: `${[0, 1, 3, 5][upTo(3)]},1,0,${upTo(2 ** 32 - 1)},18504,-${upTo(60)}.5`, ...place })
    passed += leastApart + upTo(mostApart - leastApart)
  }
  return rows
}

/** Rows near each other in time, as a detector gives them; by default from a random orbit on. */
export function denseRows(seed: number, orbits: number, start = Math.floor(seeded(seed)() * 2 ** 32)): StreamRow[] {
  return shuffledWithin(500, stream({ seed, orbits, start, mostApart: 300 }), seed)
}

/** A hit or a scintillator signal, of those rows that `stream` makes. */
export function isEvent({ text }: StreamRow): boolean {
  return text.startsWith('2,') && !/^2,1,13\d,/.test(text)
}

/** Displaces rows, each by less than `grace` orbits: no row comes after one that is `grace` orbits ahead of it. */
export function shuffledWithin(grace: number, rows: StreamRow[], seed: number): StreamRow[] {
  const random = seeded(seed)
  return rows
    .map((row) => ({ row, key: row.at + random() * grace }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row)
}

/** All rows of one FPGA come so many orbits late. */
export function withLag(lag: number, rows: StreamRow[]): StreamRow[] {
  return rows
    .map((row) => ({ row, key: row.at + (row.text.startsWith('2,1,') ? lag : 0) }))
    .sort((a, b) => a.key - b.key)
    .map(({ row }) => row)
}

export function textOf(rows: readonly StreamRow[]): string {
  return rows.map(({ text }) => `${text}\n`).join('')
}

/** Cuts `length` things at random places into pieces of 1 to `most`, and gives where each piece ends. */
export function randomCuts(length: number, most: number, seed: number): number[] {
  const random = seeded(seed)
  const ends: number[] = []
  for (let at = 0; at < length; ) {
    at = Math.min(length, at + 1 + Math.floor(random() * most))
    ends.push(at)
  }
  return ends
}

/** Things [from, to) for each of the ends. */
export function pieces<T extends { slice(from: number, to: number): T }>(whole: T, ends: number[]): T[] {
  return ends.map((end, i) => whole.slice(i === 0 ? 0 : ends[i - 1], end))
}
