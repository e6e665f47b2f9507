import { expect, test } from 'vitest'
import type { Columns } from '../../../src/core/rows/row-buffer.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { Random } from '../../../src/core/simulator/random.js'
import { scintillatorsOf } from '../../../src/core/simulator/telescope.js'
import { drawTrack } from '../../../src/core/simulator/track.js'
import { chamberOf, countsOf, rowsOf } from './stream.js'

const SIGNS = Array.from({ length: 16 }, (_, bits) => [0, 1, 2, 3].map((i) => ((bits >> i) & 1 ? 1 : -1)))

interface Hit {
  z: number
  wireX: number
  distance: number
}

interface Muon {
  /** by chamber */
  chambers: Hit[][]
  /** HEAD 4 of the trigger, by FPGA */
  tanPsi: (number | undefined)[]
}

/** How far the orbits of an FPGA's ancillary words are ahead. */
const AHEAD = [138_382, 114_484]

/** The muons of a stream that has nothing else, but for those that share an orbit. */
function muons(rows: number): Muon[] {
  const columns = rowsOf(
    'muons=5/s&noise=0&noisy=none&dead=none&efficiency=1&scintillator=1&virtual=0&resolution=0',
    rows,
  )
  const { head, fpga, orbit, tdc } = columns
  const tanPsi = new Map<string, number>()
  const byOrbit = new Map<number, number[]>()
  for (let i = 0; i < rows; i++) {
    if (head[i] === 4) tanPsi.set(`${fpga[i]} ${orbit[i] - AHEAD[fpga[i]]}`, tdc[i])
    if (head[i] !== 2) continue
    const members = byOrbit.get(orbit[i])
    if (members) members.push(i)
    else byOrbit.set(orbit[i], [i])
  }
  const complete = [...byOrbit].filter(([, members]) => members.length === 17)
  return complete.map(([muonOrbit, members]) => ({
    chambers: hitsByChamber(columns, members),
    tanPsi: [0, 1].map((f) => tanPsi.get(`${f} ${muonOrbit}`)),
  }))
}

function hitsByChamber(columns: Columns, members: number[]): Hit[][] {
  const signal = members.find((i) => chamberOf(columns, i) === -1) ?? Number.NaN
  const chambers: Hit[][] = [[], [], [], []]
  for (const i of members) {
    const number = chamberOf(columns, i) ?? -1
    if (number < 0) continue
    const chamber = DEFAULT_RUN.chambers[number]
    const cell = columns.channel[i] % 64
    const layer = DEFAULT_RUN.layers.find((candidate) => candidate.channel_mod_4 === cell % 4)
    if (!layer) throw new Error('a channel has no layer')
    const drift = (25 * (countsOf(columns, i) - countsOf(columns, signal))) / 30 + chamber.offset_ns
    const wireX = layer.first_wire_mm + 42 * Math.floor(cell / 4)
    chambers[number].push({ z: chamber.z_mm + layer.z_mm, wireX, distance: drift * 0.0538 })
  }
  return chambers
}

/** A straight line through points by least squares: its slope and its largest residual. */
function straightLine(z: number[], x: number[]): { slope: number; residual: number } {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanZ, meanX] = [mean(z), mean(x)]
  const slope =
    mean(z.map((value, i) => (value - meanZ) * (x[i] - meanX))) / mean(z.map((value) => (value - meanZ) ** 2))
  const residual = Math.max(...z.map((value, i) => Math.abs(x[i] - meanX - slope * (value - meanZ))))
  return { slope, residual }
}

function correlation(a: number[], b: number[]): number {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [meanA, meanB] = [mean(a), mean(b)]
  const product = mean(a.map((value, i) => (value - meanA) * (b[i] - meanB)))
  return product / Math.sqrt(mean(a.map((v) => (v - meanA) ** 2)) * mean(b.map((v) => (v - meanB) ** 2)))
}

const MUONS = muons(40_000)

test('the four hits of a chamber lie on a straight line, on one side of each wire or the other', () => {
  expect(MUONS.length).toBeGreaterThan(1000)
  for (const { chambers } of MUONS) {
    for (const hits of chambers) {
      expect(hits).toHaveLength(4)
      const z = hits.map((hit) => hit.z)
      const best = Math.min(
        ...SIGNS.map(
          (signs) =>
            straightLine(
              z,
              hits.map((hit, i) => hit.wireX + signs[i] * hit.distance),
            ).residual,
        ),
      )
      expect(best).toBeLessThan(0.1)
    }
  }
})

test('chambers of one view see one track, the chamber of the other view another coordinate', () => {
  for (const { chambers } of MUONS) {
    const hits = [chambers[0], chambers[2], chambers[3]].flat()
    expect(
      straightLine(
        hits.map((hit) => hit.z),
        hits.map((hit) => hit.wireX),
      ).residual,
    ).toBeLessThan(42)
  }
  const at = (chamber: number) => MUONS.map(({ chambers }) => chambers[chamber][0].wireX)
  expect(correlation(at(0), at(2))).toBeGreaterThan(0.5)
  expect(correlation(at(2), at(3))).toBeGreaterThan(0.9)
  expect(Math.abs(correlation(at(0), at(1)))).toBeLessThan(0.1)
})

test('the trigger tells the slope of its muon', () => {
  let compared = 0
  for (const { chambers, tanPsi } of MUONS) {
    const hits = [chambers[0], chambers[2], chambers[3]].flat()
    const z = hits.map((hit) => hit.z)
    const { slope } = straightLine(
      z,
      hits.map((hit) => hit.wireX),
    )
    for (const told of tanPsi) {
      if (told === undefined) continue
      expect(Math.abs(told - slope)).toBeLessThan(0.1)
      compared++
    }
  }
  expect(compared).toBeGreaterThan(MUONS.length)
})

test('tracks go through both scintillators, from all sides alike, steep ones more often', () => {
  const plates = scintillatorsOf(DEFAULT_RUN)
  expect(plates).toEqual({ fromMm: -315, toMm: 336, lowerZMm: 364.75 - 19.5 - 13, upperZMm: 790.25 + 19.5 + 13 })
  const random = new Random(11)
  const track = { x: 0, y: 0, slopeX: 0, slopeY: 0 }
  const draws = 50_000
  const sums = { slopeX: 0, slopeY: 0, xx: 0, yy: 0 }
  let outside = 0
  for (let i = 0; i < draws; i++) {
    drawTrack(track, plates, random)
    for (const z of [plates.lowerZMm, plates.upperZMm]) {
      for (const mm of [track.x + track.slopeX * z, track.y + track.slopeY * z]) {
        if (mm < -315 - 1e-9 || mm > 336 + 1e-9) outside++
      }
    }
    sums.slopeX += track.slopeX
    sums.slopeY += track.slopeY
    sums.xx += track.slopeX ** 2
    sums.yy += track.slopeY ** 2
  }
  const spread = Math.sqrt(sums.xx / draws)
  expect(outside).toBe(0)
  expect(Math.abs(sums.slopeX / draws)).toBeLessThan(0.01)
  expect(Math.abs(sums.slopeY / draws)).toBeLessThan(0.01)
  expect(Math.abs(Math.sqrt(sums.yy / draws) / spread - 1)).toBeLessThan(0.02)
  expect(spread).toBeGreaterThan(0.3)
  expect(spread).toBeLessThan(0.6)
})

test('over plates much larger than their distance, angles go as cos^3', () => {
  const wide = { fromMm: -1e7, toMm: 1e7, lowerZMm: 0, upperZMm: 1 }
  const random = new Random(12)
  const track = { x: 0, y: 0, slopeX: 0, slopeY: 0 }
  const draws = 100_000
  const cosines = Float64Array.from({ length: draws }, () => {
    drawTrack(track, wide, random)
    return 1 / Math.sqrt(1 + track.slopeX ** 2 + track.slopeY ** 2)
  })
  for (const limit of [0.3, 0.5, 0.7, 0.9]) {
    const expected = draws * limit ** 4
    const below = cosines.filter((cosine) => cosine < limit).length
    expect(Math.abs(below - expected)).toBeLessThan(5 * Math.sqrt(expected))
  }
})

test('tall and flat telescopes: both ways of drawing a track give the same angles, at once', () => {
  const track = { x: 0, y: 0, slopeX: 0, slopeY: 0 }
  const draws = 40_000
  // on either side of where the way of drawing changes
  const spreads = [999.999, 1000].map((upperZMm) => {
    const random = new Random(13)
    const slopes = Float64Array.from({ length: draws }, () => {
      drawTrack(track, { fromMm: 0, toMm: 1000, lowerZMm: 0, upperZMm }, random)
      return track.slopeX
    })
    return Array.from({ length: 10 }, (_, i) => slopes.filter((slope) => Math.floor(5 * slope + 5) === i).length)
  })
  for (let i = 0; i < 10; i++) {
    expect(Math.abs(spreads[0][i] - spreads[1][i])).toBeLessThan(5 * Math.sqrt(spreads[0][i] + spreads[1][i] + 1))
  }
  const random = new Random(14)
  for (let i = 0; i < draws; i++) drawTrack(track, { fromMm: 0, toMm: 1, lowerZMm: 0, upperZMm: 1e6 }, random)
  for (let i = 0; i < draws; i++) drawTrack(track, { fromMm: 0, toMm: 1e6, lowerZMm: 0, upperZMm: 1 }, random)
})
