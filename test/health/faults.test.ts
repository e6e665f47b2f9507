import { beforeAll, describe, expect, test } from 'vitest'
import { DEFAULT_RUN, type RunFile } from '../../src/core/run-file/run-file.js'
import type { SimulatorOptions } from '../../src/core/simulator/options.js'
import { type AlarmEvent, alarmEvents } from '../../src/health/alarm-events.js'
import { HealthMonitor } from '../../src/health/health-monitor.js'
import { HEALTHY, Lanes, type Sent, T0 } from './detector.js'

const PATIENCE_MS = 600_000

/** A stretch of detector time with one set of options. */
interface Stretch {
  seconds: number
  options?: Partial<SimulatorOptions>
  malformed?: number
}

/** What happens while lanes send the results of these stretches, one after the other; seconds since the start. */
function eventsOf(stretches: Stretch[], { run = DEFAULT_RUN, lanes = 10, intervalS = 1, mix = mixed } = {}) {
  const topic = new Lanes({ lanes, intervalS })
  const monitor = new HealthMonitor(run)
  const events: (AlarmEvent & { s: number })[] = []
  let before = monitor.view().alarms
  let sent = 0
  for (const { seconds, options, malformed = 0 } of stretches) {
    for (const { result, endMs } of mix([...topic.results({ ...HEALTHY, ...options }, seconds, malformed)])) {
      monitor.add(result, endMs)
      // once an interval
      if (++sent % lanes > 0) continue
      const { alarms } = monitor.view()
      for (const event of alarmEvents(before, alarms, endMs)) events.push({ ...event, s: (event.atMs - T0) / 1000 })
      before = alarms
    }
  }
  return events
}

/** As they were sent. */
function mixed(sent: Sent[]): Sent[] {
  return sent
}

const what = (events: AlarmEvent[]) => events.map((event) => `${event.what} ${event.alarm.id}`)

function withOther(change: { offsetNs?: number; velocity?: number }): Partial<SimulatorOptions> {
  const { cell, chambers } = DEFAULT_RUN
  const [first, ...others] = chambers
  return {
    run: {
      ...DEFAULT_RUN,
      cell: { ...cell, drift_velocity_um_per_ns: change.velocity ?? cell.drift_velocity_um_per_ns },
      chambers: [{ ...first, offset_ns: first.offset_ns - (change.offsetNs ?? 0) }, ...others],
    },
  }
}

const SLOW = withOther({ velocity: 50 })
const SHIFTED = withOther({ offsetNs: 20 })
const BAND: RunFile = {
  ...DEFAULT_RUN,
  health: { ...DEFAULT_RUN.health, rate: { least_hz: 100, most_hz: 400 }, scintillator: 'off' },
}
const CHAMBERS = [0, 1, 2, 3]

interface Fault {
  name: string
  fault: Omit<Stretch, 'seconds'>
  ids: string[]
  text: RegExp
  run?: RunFile
  /** of the fault, and after it */
  seconds?: number
}

const FAULTS: Fault[] = [
  {
    name: 'a dead cell',
    fault: { options: { deadCell: { chamber: 2, cell: 41 } } },
    ids: ['dead-cell/2/41'],
    text: /^cell 41 of chamber 2 is dead: \d+ hits? where \d+ are expected$/,
  },
  {
    name: 'a hot cell',
    fault: { options: { noisyCell: { chamber: 1, cell: 2 } } },
    ids: ['hot-cell/1/2'],
    text: /^cell 2 of chamber 1 is hot: \d+ hits where \d+ are expected$/,
  },
  {
    name: 'silent scintillators',
    fault: { options: { scintillatorEfficiency: 0 } },
    ids: ['scintillator'],
    text: /^the scintillators are silent: \d+ signals where at least \d+ are expected$/,
  },
  {
    name: 'rows that cannot be read',
    fault: { malformed: 0.05 },
    ids: ['malformed'],
    text: /^\d\.?\d? % of the rows are malformed, and 1 % are allowed$/,
  },
  {
    name: 'another drift velocity',
    fault: { options: SLOW },
    ids: CHAMBERS.map((chamber) => `drift-edges/${chamber}`),
    text: /^the drift velocity in chamber \d is \d\d\.\d+ ± 0\.\d+ um\/ns, and 53.8 ± 0.5 um\/ns are allowed$/,
    seconds: 240,
  },
  {
    name: 'another t0 in one chamber',
    fault: { options: SHIFTED },
    ids: ['drift-edges/0'],
    text: /^drift times of chamber 0 begin at \d+\.\d+ ± \d\.\d+ ns, and 0 ± 3 ns are allowed$/,
    seconds: 240,
  },
  {
    name: 'a rate below the band',
    fault: { options: { muonsPerSecond: 2, noisePerSecond: 100 } },
    ids: CHAMBERS.map((chamber) => `rate/${chamber}`),
    text: /^chamber \d has \d+(\.\d)? hits a second, and at least 100 are expected$/,
    run: BAND,
  },
  {
    name: 'a rate above the band',
    fault: { options: { muonsPerSecond: 80, noisePerSecond: 1000 } },
    ids: CHAMBERS.map((chamber) => `rate/${chamber}`),
    text: /^chamber \d has \d+ hits a second, and at most 400 are expected$/,
    run: BAND,
  },
]

describe.each(FAULTS)('$name', ({ fault, ids, text, run = DEFAULT_RUN, seconds = 120 }) => {
  let [raised, cleared]: ReturnType<typeof eventsOf>[] = []

  beforeAll(() => {
    const events = eventsOf([{ seconds: 120 }, { seconds, ...fault }, { seconds }], { run })
    ;[raised, cleared] = (['raised', 'cleared'] as const).map((which) => events.filter((event) => event.what === which))
  }, PATIENCE_MS)

  test('raises its alarms, each once and no other, after it began and before it ends', () => {
    expect(raised.map(({ alarm }) => alarm.id).sort()).toEqual(ids)
    for (const { s, alarm } of raised) {
      expect(s).toBeGreaterThan(120)
      expect(s).toBeLessThan(120 + seconds)
      expect(alarm.text).toMatch(text)
    }
  })

  test('which are cleared when it is gone', () => {
    expect(cleared.map(({ alarm }) => alarm.id).sort()).toEqual(ids)
    for (const { s } of cleared) expect(s).toBeGreaterThan(120 + seconds)
  })
})

const LITTLE: Stretch[] = [
  { seconds: 120 },
  { seconds: 120, options: { deadCell: { chamber: 2, cell: 41 }, noisyCell: { chamber: 1, cell: 2 } } },
  { seconds: 120 },
]
const LITTLE_EVENTS = [
  'raised hot-cell/1/2',
  'raised dead-cell/2/41',
  'cleared dead-cell/2/41',
  'cleared hot-cell/1/2',
].sort()

test.each([
  ['one lane', { lanes: 1 }],
  ['results of 5 s', { intervalS: 5 }],
  ['results of 20 s, lane after lane', { intervalS: 20, mix: byLane }],
  ['results that come lane after lane', { mix: byLane }],
  ['results in reverse', { mix: (sent: Sent[]) => inTens(sent).flatMap((ten) => ten.reverse()) }],
])('%s make no difference to what is found', (_, how) => {
  expect(what(eventsOf(LITTLE, how)).sort()).toEqual(LITTLE_EVENTS)
})

/** Ten seconds of each lane at once. */
function byLane(sent: Sent[]): Sent[] {
  return inTens(sent).flatMap((ten) => ten.sort((a, b) => laneOf(a) - laneOf(b)))
}

function inTens(sent: Sent[]): Sent[][] {
  return Array.from({ length: Math.ceil(sent.length / 100) }, (_, i) => sent.slice(100 * i, 100 * (i + 1)))
}

function laneOf({ result }: Sent): number {
  const [range] = result.source
  return 'partition' in range ? range.partition : 0
}

test('an orbit counter that starts again makes no difference', () => {
  const restart = { restartAfterRows: 30_000 }
  const stretches = LITTLE.map(({ seconds, options }) => ({ seconds, options: { ...options, ...restart } }))
  expect(what(eventsOf(stretches, { lanes: 1 })).sort()).toEqual(LITTLE_EVENTS)
})

test.each([16, 40])('a group of %d dead cells is found too', (count) => {
  const dead = Array.from({ length: count }, (_, i) => 16 + i)
  const silence = (sent: Sent[]) => sent.map(({ result, endMs }) => ({ endMs, result: without(result, dead) }))
  const events = eventsOf([{ seconds: 150 }], { lanes: 1, mix: silence })
  expect(what(events).sort()).toEqual(dead.map((cell) => `raised dead-cell/0/${cell}`))
})

/** A result without the hits of these cells of chamber 0. */
function without(result: Sent['result'], cells: number[]): Sent['result'] {
  const { bin_edges, hist_counts } = result.tdc_counts_chamber[0]
  const kept = bin_edges.map((_, i) => i).filter((i) => !cells.includes(bin_edges[i]))
  const counts = { bin_edges: kept.map((i) => bin_edges[i]), hist_counts: kept.map((i) => hist_counts[i]) }
  return { ...result, tdc_counts_chamber: { ...result.tdc_counts_chamber, 0: counts } }
}
