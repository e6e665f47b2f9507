import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { DEFAULT_SIMULATION } from '../../../src/core/simulator/options.js'
import { anyRun } from '../run-file/arbitrary-run.js'
import { chamberOf, countsOf, rowsOf } from './stream.js'

const ROWS = 1_000_000
const LOW = -100
const WIDTH = 2.5
const BINS = 260
/** Half a cell over the drift velocity. */
const LONGEST = 21_000 / 53.8

/** Result 6 of `docs/results.md`, plainly: one histogram a chamber. */
function driftTimes(query: string): Float64Array[] {
  const columns = rowsOf(query, ROWS)
  const signals = new Map<number, number>()
  for (let i = 0; i < ROWS; i++) {
    if (chamberOf(columns, i) !== -1) continue
    const earlier = signals.get(columns.orbit[i]) ?? Number.POSITIVE_INFINITY
    signals.set(columns.orbit[i], Math.min(earlier, countsOf(columns, i)))
  }
  const histograms = DEFAULT_RUN.chambers.map(() => new Float64Array(BINS))
  for (let i = 0; i < ROWS; i++) {
    const chamber = chamberOf(columns, i)
    const signal = signals.get(columns.orbit[i])
    if (chamber === undefined || chamber < 0 || signal === undefined) continue
    const drift = (25 * (countsOf(columns, i) - signal)) / 30 + DEFAULT_RUN.chambers[chamber].offset_ns
    const bin = Math.floor((drift - LOW) / WIDTH)
    if (bin >= 0 && bin < BINS) histograms[chamber][bin]++
  }
  return histograms
}

function sum(histogram: Float64Array, fromNs: number, toNs: number): number {
  return histogram.subarray((fromNs - LOW) / WIDTH, (toNs - LOW) / WIDTH).reduce((total, count) => total + count, 0)
}

describe.each(['', 'resolution=0', 'muons=500/s&noise=0&noisy=none&dead=none'])('sim:?%s', (query) => {
  const histograms = driftTimes(query)

  test.each([0, 1, 2, 3])('the drift times of chamber %d are a box from 0 to 390 ns', (chamber) => {
    const histogram = histograms[chamber]
    const inside = sum(histogram, 5, 385)
    const height = inside / (380 / WIDTH)
    expect(height).toBeGreaterThan(400)

    // flat: chi squared per bin about 1
    const bins = [...histogram.subarray((5 - LOW) / WIDTH, (385 - LOW) / WIDTH)]
    const chi2 = bins.reduce((total, count) => total + (count - height) ** 2 / height, 0) / bins.length
    expect(chi2).toBeGreaterThan(0.6)
    expect(chi2).toBeLessThan(1.5)

    // sharp: the contents of the bins around an edge say where it is
    const lowerEdge = 5 - (sum(histogram, -10, 5) / height) * WIDTH
    const upperEdge = 385 + (sum(histogram, 385, 400) / height) * WIDTH
    expect(Math.abs(lowerEdge)).toBeLessThan(2)
    expect(Math.abs(upperEdge - LONGEST)).toBeLessThan(2)
    expect(sum(histogram, -5, 0) / height).toBeLessThan(0.02)
    expect(sum(histogram, 0, 2.5) / height).toBeGreaterThan(0.6)
    expect(sum(histogram, 387.5, 390) / height).toBeGreaterThan(0.7)
    expect(sum(histogram, 395, 400) / height).toBeLessThan(0.05)

    expect((sum(histogram, -100, -5) + sum(histogram, 400, 550)) / inside).toBeLessThan(0.001)
  })
})

test('whatever the run, a muon stays in its orbit and its hits drift from 0 to half a cell', () => {
  fc.assert(
    fc.property(anyRun, fc.nat(), (run, seed) => {
      const quiet = { noisePerSecond: 0, noisyCell: undefined, deadCell: undefined, virtualShare: 0, resolutionNs: 0 }
      const options = { ...DEFAULT_SIMULATION, ...quiet, run, seed, muonsPerSecond: 1, scintillatorEfficiency: 1 }
      const columns = rowsOf(options, 2000)
      const signals = new Map<number, number>()
      const isSignal = (i: number) =>
        columns.head[i] === 2 &&
        columns.fpga[i] === run.scintillator.fpga &&
        columns.channel[i] === run.scintillator.channel
      for (let i = 0; i < 2000; i++) {
        const { orbit } = columns
        // two muons in one orbit cannot be told apart
        if (isSignal(i)) signals.set(orbit[i], signals.has(orbit[i]) ? Number.NaN : countsOf(columns, i))
      }
      const longest = ((run.cell.width_mm / 2) * 1000) / run.cell.drift_velocity_um_per_ns
      for (let i = 0; i < 2000; i++) {
        if (columns.head[i] !== 2) continue
        expect(columns.bx[i]).toBeLessThan(3564)
        const chamber = run.chambers.find(
          ({ fpga, first_channel: first }) =>
            fpga === columns.fpga[i] && columns.channel[i] >= first && columns.channel[i] < first + 64,
        )
        const signal = signals.get(columns.orbit[i])
        if (!chamber || signal === undefined || Number.isNaN(signal)) continue
        const drift = (25 * (countsOf(columns, i) - signal)) / 30 + chamber.offset_ns
        expect(drift).toBeGreaterThan(-1e-6)
        expect(drift).toBeLessThan(longest + 25 / 30 + 1e-6)
      }
    }),
    { numRuns: 50 },
  )
})
