import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HitRecorder } from '../../../src/core/hits/hit-recorder.js'
import { runOfRow } from '../../../src/core/hits/run-of-row.js'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import { createChamberMap, SCINTILLATOR } from '../../../src/core/run-file/chamber-map.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { foldOptions, parseAll } from '../../support/lane.js'
import { isEvent, randomCuts, type StreamRow, seeded, stream, textOf } from '../../support/stream.js'

const recorderOf = () => new HitRecorder(createChamberMap(DEFAULT_RUN))

/** What a fold that takes rows up to each of the cuts records of them. */
function recorded(text: string, cuts: readonly number[] = []) {
  const recorder = recorderOf()
  const fold = new LaneFold(foldOptions({ recorder }))
  const { columns, length } = parseAll(text)
  for (const [i, to] of [...cuts, length].entries()) fold.fold(columns, i === 0 ? 0 : cuts[i - 1], to)
  const { length: count, run, orbit, chamber, cell, time } = recorder.take()
  return Array.from({ length: count }, (_, i) => [run[i], orbit[i], chamber[i], cell[i], time[i]])
}

describe('hits are recorded', () => {
  it('as they came, scintillator signals among them, and nothing else', () => {
    const rows = [
      '2,0,7,1000,100,5',
      '0,1,5,99,18504,-0.5',
      '2,1,128,1000,101,29',
      '2,1,137,1000,0,0',
      '2,1,127,1001,0,30',
    ]
    expect(recorded(rows.join('\n'))).toEqual([
      [0, 1000, 0, 7, 3005],
      [0, 1000, SCINTILLATOR, 0, 3059],
      [0, 1001, 3, 63, 30],
    ])
  })

  it('with the run of each, where a whole run and more than a grace of the next come at once', () => {
    const old = stream({ seed: 1, orbits: 300, start: 3e9, mostApart: 30 })
    const fresh = stream({ seed: 2, orbits: 300, start: 5e8, mostApart: 100, run: 1 })
    const last = stream({ seed: 3, orbits: 300, start: 7, mostApart: 100, run: 2 })
    const rows = [...old, ...fresh, ...last]
    expect(recorded(textOf(rows)).map(([run]) => run)).toEqual(rows.filter(isEvent).map(({ run }) => run))
  })

  it('with the run of each, where a restart has rows of both runs around it, in whatever pieces they come', () => {
    const anyRestart = fc.record({
      seed: fc.nat(),
      orbits: fc.integer({ min: 20, max: 400 }),
      mixed: fc.integer({ min: 0, max: 8 }),
      pieces: fc.integer({ min: 1, max: 400 }),
    })
    fc.assert(
      fc.property(anyRestart, ({ seed, orbits, mixed, pieces }) => {
        const random = seeded(seed)
        const old = stream({ seed, orbits: 100, start: 3e9 + Math.floor(random() * 1e8), mostApart: 30 })
        const fresh = stream({ seed: seed + 1, orbits, start: Math.floor(random() * 1e6), mostApart: 30, run: 1 })
        const rows = mixedAtTheSeam(old, fresh, mixed)
        const runs = recorded(textOf(rows), randomCuts(rows.length, pieces, seed)).map(([run]) => run)
        const events = rows.filter(isEvent)
        expect(runs).toHaveLength(events.length)
        // of what comes before three orbits have told of the restart, a lane that is cut there knows the old run only
        const first = new Set(fresh.filter(isEvent).map(({ orbit }) => orbit))
        const untold = new Set([...first].slice(0, 3 + mixed))
        const wrong = events.filter(({ run, orbit }, i) => runs[i] !== run && !(run === 1 && untold.has(orbit)))
        expect(wrong).toEqual([])
      }),
      { numRuns: 100 },
    )
  })

  it('up to half a million, then it says so, and begins anew when they are taken', () => {
    const recorder = recorderOf()
    const { columns, length } = parseAll('2,0,7,1000,100,5\n'.repeat(2 ** 15))
    let adds = 0
    for (; !recorder.isFull; adds++) recorder.add(columns, 0, length, [{ run: 3, time: 1000 }])
    expect(adds).toBe(16)
    expect(recorder.take().length).toBe(2 ** 19)
    expect(recorder.isFull).toBe(false)
    expect(recorder.take().length).toBe(0)
  })
})

it('a row is of the run whose time is nearest, modulo 2^32; of the current one, if others are as near', () => {
  const places = [
    { run: 5, time: 100 },
    { run: 4, time: 4_000_000_000 },
  ]
  expect([90, 4_294_967_290, 3_999_999_000].map((orbit) => runOfRow(orbit, places))).toEqual([5, 5, 4])
  expect(
    runOfRow(7, [
      { run: 2, time: 17 },
      { run: 1, time: 4_294_967_293 },
    ]),
  ).toBe(2)
})

/** The last rows of one run and the first of the next by turns. */
function mixedAtTheSeam(old: StreamRow[], fresh: StreamRow[], count: number): StreamRow[] {
  const seam = Array.from({ length: count }, (_, i) => [old[old.length - count + i], fresh[i]]).flat()
  return [...old.slice(0, old.length - count), ...seam, ...fresh.slice(count)]
}
