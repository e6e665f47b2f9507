import { describe, expect, it } from 'vitest'
import { OpenOrbits } from '../../../src/core/orbits/open-orbits.js'
import { LATE, OrbitClock } from '../../../src/core/orbits/orbit-clock.js'
import { MOST_STRAYS, Strays } from '../../../src/core/orbits/strays.js'
import { Tally } from '../../../src/core/results/tally.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { GRACE } from '../../support/lane.js'
import { seeded } from '../../support/stream.js'

describe('the memory of open orbits', () => {
  it('stays as it is over a long stream with strays of every kind', () => {
    const clock = new OrbitClock(GRACE, 4)
    clock.tally = new Tally(DEFAULT_RUN, false)
    const random = seeded(1)
    const before = clock.orbits.capacity
    let orbit = 3_000_000_000
    for (let i = 0; i < 300_000; i++) {
      orbit = (orbit + Math.floor(random() * 10)) % 2 ** 32
      const isStray = random() < 0.02
      const away = random() < 0.5 ? 2 ** 32 : 2 ** 20
      const slot = clock.slotFor(isStray ? (orbit + Math.floor(random() * away)) % 2 ** 32 : orbit)
      if (slot !== LATE) clock.orbits.addHit(slot, i % 256, i)
      if (slot !== LATE && i % 7 === 0) clock.orbits.addScintillator(slot, i)
    }
    expect(clock.orbits.capacity).toBe(before)
    expect(clock.orbits.count).toBeLessThan(2 * GRACE + MOST_STRAYS)
    clock.end()
    expect(clock.orbits.count).toBe(0)
  })

  it('grows with the open hits, and is used again afterwards', () => {
    const orbits = new OpenOrbits(64, 4)
    const first = orbits.capacity
    for (let round = 0; round < 20; round++) {
      orbits.begin(round, round, 0)
      for (let i = 0; i < 10 * first; i++) orbits.addHit(round, i % 256, i)
      expect(orbits.capacity).toBe(16 * first)
      orbits.close(round, undefined)
    }
  })

  it('gives each orbit its own hits when memory is used again', () => {
    const orbits = new OpenOrbits(64, 4)
    const tally = new Tally(DEFAULT_RUN, true)
    const random = seeded(2)
    let hits = 0
    for (let round = 0; round < 2000; round++) {
      const slot = Math.floor(random() * 64)
      if (orbits.isOpen(slot)) orbits.close(slot, tally)
      else orbits.begin(slot, round, 0)
      for (let i = Math.floor(random() * 20); i > 0; i--) {
        const other = Math.floor(random() * 64)
        if (!orbits.isOpen(other)) continue
        orbits.addHit(other, other * 4, 0)
        hits++
      }
    }
    for (let slot = 0; slot < 64; slot++) if (orbits.isOpen(slot)) orbits.close(slot, tally)
    const label = { msg_ID: 0, worker: '', interval: { start: '', end: '' }, source: [], geometry: '', run: 0 }
    const result = tally.take(label)
    expect(result.hit_count).toBe(hits)
    // each slot has a cell of its own: an orbit that took over another's hits would have two
    const counts = Object.values(result.active_tdc_chamber ?? {}).flatMap(({ hist_counts }) => hist_counts)
    expect(new Set(counts)).toEqual(new Set([1]))
    expect(orbits.count).toBe(0)
  })
})

describe('strays', () => {
  it('are as many as there are places, and give their places back', () => {
    const strays = new Strays(1000)
    const slots = Array.from({ length: MOST_STRAYS }, (_, orbit) => strays.add({ orbit, place: orbit, near: false }))
    expect(new Set(slots).size).toBe(MOST_STRAYS)
    expect(strays.isFull).toBe(true)
    expect(() => strays.add({ orbit: 99, place: 0, near: false })).toThrow(RangeError)
    expect(strays.slotOf(5)).toBe(slots[5])
    strays.remove(5)
    expect(strays.slotOf(5)).toBe(-1)
    expect(strays.add({ orbit: 99, place: 3, near: true })).toBe(slots[5])
    expect(strays.nextPlace).toBe(0)
  })

  it('closed by idleness are remembered, the newest of them', () => {
    const strays = new Strays(0)
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < MOST_STRAYS; i++) strays.add({ orbit: 100 * round + i, place: 0, near: false })
      strays.removeAll()
    }
    expect(strays.entries).toEqual([])
    expect(strays.closed).toEqual(Array.from({ length: MOST_STRAYS }, (_, i) => 200 + i))
  })

  it('beyond as many as there are places make the oldest late', () => {
    const clock = new OrbitClock(GRACE, 4)
    const tally = new Tally(DEFAULT_RUN, true)
    clock.tally = tally
    for (let i = 0; i <= MOST_STRAYS; i++) {
      clock.orbits.addHit(clock.slotFor(1000), 1, 0)
      clock.orbits.addHit(clock.slotFor(1_000_000_000 + i), i, 0)
    }
    expect(tally.rows.late).toBe(1)
    expect(clock.orbits.count).toBe(1 + MOST_STRAYS)
  })
})
