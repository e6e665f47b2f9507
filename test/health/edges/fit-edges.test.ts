import { beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_RUN, driftBinCount, type RunFile } from '../../../src/core/run-file/run-file.js'
import { Random } from '../../../src/core/simulator/random.js'
import { addHistograms, emptyHistograms } from '../../../src/health/chamber-histograms.js'
import { fitEdges } from '../../../src/health/edges/fit-edges.js'
import type { EdgeFit } from '../../../src/health/health-view.js'
import { HEALTHY, Lanes } from '../detector.js'

const { cell, drift_time } = DEFAULT_RUN
const BINS = { low: drift_time.low_ns, width: drift_time.width_ns, bins: driftBinCount(drift_time) }
const COUNT_NS = 25 / 30

/** A run whose detector is simulated, while results are made with the default one. */
function detector({ velocity = cell.drift_velocity_um_per_ns, offsetNs = 0 }): RunFile {
  return {
    ...DEFAULT_RUN,
    cell: { ...cell, drift_velocity_um_per_ns: velocity },
    chambers: DEFAULT_RUN.chambers.map((chamber) => ({ ...chamber, offset_ns: chamber.offset_ns - offsetNs })),
  }
}

/** Fits of a simulated run of `seconds`, by chamber. */
function fitsOf(run: RunFile, seed: number, seconds: number): EdgeFit[] {
  const options = { ...HEALTHY, run, seed, muonsPerSecond: 100, noisePerSecond: 500 }
  const [{ result }] = new Lanes({ lanes: 1, intervalS: seconds }).results(options, seconds)
  return DEFAULT_RUN.chambers.map(({ first_channel }, chamber) => {
    const histograms = emptyHistograms(DEFAULT_RUN)
    addHistograms(histograms, result, chamber, first_channel)
    return fitEdges(BINS, histograms['drift time'], cell) as EdgeFit
  })
}

/**
 * How much later a hit is in the histogram than it was: the counter takes it at its next step, and the offset it is folded
 * with, which is no whole number of steps, says where in a bin the steps lie.
 */
function counterDelay(offsetNs: number): number {
  const steps = (offsetNs - BINS.low) / COUNT_NS
  return COUNT_NS * (1 - (steps - Math.floor(steps)))
}

function moments(pulls: readonly number[]): { mean: number; width: number } {
  const mean = pulls.reduce((sum, pull) => sum + pull, 0) / pulls.length
  return { mean, width: Math.sqrt(pulls.reduce((sum, pull) => sum + (pull - mean) ** 2, 0) / (pulls.length - 1)) }
}

describe.each([
  [53.8, 0],
  [50, 0],
  [53.8, -12],
])('a run simulated with %d um/ns and a t0 of %d ns', (velocity, offsetNs) => {
  const run = detector({ velocity, offsetNs })
  let fits: EdgeFit[][]

  beforeAll(() => {
    fits = Array.from({ length: 40 }, (_, seed) => fitsOf(run, seed + 1, 30))
  }, 600_000)

  test('is found within its errors, and these are right: pulls have mean 0 and width 1', () => {
    const t0 = DEFAULT_RUN.chambers.map(({ offset_ns }) => offsetNs + counterDelay(offset_ns))
    const endNs = 21_000 / velocity
    const pulls = {
      t0: fits.flatMap((of) => of.map((fit, chamber) => (fit.t0Ns - t0[chamber]) / fit.t0ErrorNs)),
      end: fits.flatMap((of) => of.map((fit, chamber) => (fit.endNs - t0[chamber] - endNs) / fit.endErrorNs)),
      velocity: fits.flatMap((of) => of.map((fit) => (fit.velocity - velocity) / fit.velocityError)),
    }
    const found = Object.entries(pulls).map(([of, values]) => ({ of, fits: values.length, ...moments(values) }))
    console.log(velocity, offsetNs, JSON.stringify(found))
    for (const { mean, width } of found) {
      // edges sharper than a bin are off by up to 0.4 of their errors; 0.08 is chance
      expect(Math.abs(mean)).toBeLessThan(0.6)
      expect(width).toBeGreaterThan(0.8)
      expect(width).toBeLessThan(1.2)
    }
  })

  test('errors are small, and the box describes the counts', () => {
    for (const { t0ErrorNs, velocityError, chi2, ndf, entries } of fits.flat()) {
      expect(entries).toBeGreaterThan(10_000)
      expect(t0ErrorNs).toBeLessThan(0.5)
      expect(velocityError).toBeLessThan(0.12)
      expect(chi2).toBeLessThan(ndf + 4 * Math.sqrt(2 * ndf))
    }
  })
})

/** Counts of a box with these edges over a background; all in ns, and entries in the box and beside it. */
function made({ t0 = 0, end = 390, smear = 3, box = 20_000, background = 0, seed = 1 }): Float64Array {
  const random = new Random(seed)
  const counts = new Float64Array(BINS.bins)
  const add = (ns: number) => {
    const bin = Math.floor((ns - BINS.low) / BINS.width)
    if (bin >= 0 && bin < BINS.bins) counts[bin]++
  }
  for (let i = 0; i < box; i++) add(t0 + (end - t0) * random.uniform() + smear * random.bell())
  for (let i = 0; i < background; i++) add(BINS.low + BINS.width * BINS.bins * random.uniform())
  return counts
}

test.each([
  { smear: 8 },
  { background: 10_000 },
  { box: 2_000_000 },
  { t0: -40, end: 300 },
  { box: 4000, background: 400 },
])('%j is found within 5 errors', (box) => {
  const fit = fitEdges(BINS, made(box), cell) as EdgeFit
  const { t0, end } = { t0: 0, end: 390, ...box }
  expect(Math.abs(fit.t0Ns - t0)).toBeLessThan(5 * fit.t0ErrorNs)
  expect(Math.abs(fit.endNs - end)).toBeLessThan(5 * fit.endErrorNs)
  expect(Math.abs(fit.velocity - 21_000 / (end - t0))).toBeLessThan(5 * fit.velocityError)
})

test('where the box describes the counts badly, errors grow', () => {
  const counts = made({})
  const good = fitEdges(BINS, counts, cell) as EdgeFit
  // a wave on the top
  const wavy = counts.map((count, bin) => Math.round(count * (1 + 0.5 * Math.sin(bin / 5))))
  const bad = fitEdges(BINS, wavy, cell) as EdgeFit
  expect(bad.chi2 / bad.ndf).toBeGreaterThan(5)
  expect(bad.t0ErrorNs).toBeGreaterThan(1.5 * good.t0ErrorNs)
})

test.each([
  ['nothing', new Float64Array(BINS.bins)],
  ['noise alone', made({ box: 0, background: 20_000 })],
  ['a peak', made({ t0: 100, end: 101, smear: 2 })],
  ['a box that is cut off', made({ end: 700 })],
])('%s is no box', (_, counts) => {
  expect(fitEdges(BINS, counts, cell)).toBeUndefined()
})
