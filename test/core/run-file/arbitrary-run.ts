import fc from 'fast-check'
import { findInconsistency } from '../../../src/core/run-file/consistency.js'
import type { HealthLimits } from '../../../src/core/run-file/health-limits.js'
import type { RunFile } from '../../../src/core/run-file/run-file.js'

const decimal = (low: number, high: number) =>
  fc.integer({ min: Math.ceil(low * 100), max: Math.floor(high * 100) }).map((hundredths) => hundredths / 100)

const chambers = fc
  .tuple(
    fc.uniqueArray(fc.record({ fpga: fc.nat(15), slot: fc.nat(6) }), {
      minLength: 1,
      maxLength: 16,
      selector: ({ fpga, slot }) => `${fpga} ${slot}`,
    }),
    fc.nat(64),
    fc.array(
      fc.record({ offset_ns: decimal(-22_275, 22_275), z_mm: decimal(0, 2000), view: fc.constantFrom('phi', 'theta') }),
      { minLength: 16, maxLength: 16 },
    ),
  )
  .map(([places, shift, rest]) =>
    places.map(({ fpga, slot }, i) => ({ fpga, first_channel: 64 * slot + shift, ...rest[i] })),
  )

const layers = fc
  .tuple(
    fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
    decimal(-400, -200),
    fc.array(fc.boolean(), { minLength: 4 }),
  )
  .map(([mods, first, shifted]) =>
    mods.map((channel_mod_4, i) => ({
      channel_mod_4,
      first_wire_mm: shifted[i] ? first : first - 7.5,
      z_mm: 13 * i - 19.5,
    })),
  )

const driftTime = fc
  .record({
    low_ns: decimal(-500, 500),
    bins: fc.integer({ min: 1, max: 1000 }),
    width_ns: fc.constantFrom(0.1, 0.7, 2.5, 4),
  })
  .map(({ low_ns, bins, width_ns }) => ({ low_ns, high_ns: low_ns + bins * width_ns, width_ns }))

const orOff = <T>(limits: fc.Arbitrary<T>): fc.Arbitrary<T | 'off'> => fc.oneof(limits, fc.constant('off' as const))

const health: fc.Arbitrary<HealthLimits> = fc.record({
  significance: decimal(1, 8),
  ignore_cells: fc.array(fc.record({ chamber: fc.constant(0), cell: fc.nat(63) }), { maxLength: 3 }),
  dead_cells: orOff(fc.record({ below: decimal(0.01, 0.5) })),
  hot_cells: orOff(fc.record({ above: decimal(2, 100) })),
  rate: orOff(fc.record({ least_hz: decimal(0, 1000), most_hz: decimal(1001, 1e6) })),
  drift_edges: orOff(fc.record({ t0_ns: decimal(1, 20), velocity_um_per_ns: decimal(0.1, 5) })),
  scintillator: orOff(fc.record({ least_per_hit: decimal(0.01, 1) })),
  lag: orOff(fc.record({ messages: fc.integer({ min: 1, max: 1e9 }), seconds: fc.integer({ min: 10, max: 3600 }) })),
  malformed: orOff(fc.record({ most_share: decimal(0.01, 1) })),
  reference: orOff(fc.record({ difference: decimal(0.01, 10), p_value: fc.constantFrom(1e-15, 1e-6, 0.1) })),
})

/** Any run that a run file can describe, within the bounds of a laboratory. */
export const anyRun: fc.Arbitrary<RunFile> = fc
  .record({
    name: fc
      .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
      .filter((text) => /\S/.test(text) && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)),
    raw_word: fc.record({
      layout: fc.constantFrom('head2-fpga4', 'head3-fpga3'),
      channel_offset: fc.integer({ min: -511, max: 511 }),
      tdc_offset: fc.integer({ min: -31, max: 31 }),
      tdc_offset_except: fc.array(fc.nat(511), { maxLength: 4 }),
    }),
    chambers,
    scintillator: fc.record({ fpga: fc.nat(15), channel: fc.nat(511) }),
    cell: fc.record({
      width_mm: decimal(10, 100),
      height_mm: decimal(5, 50),
      drift_velocity_um_per_ns: decimal(20, 100),
    }),
    layers,
    drift_time: driftTime,
    health,
  })
  .filter((run) => findInconsistency(run) === undefined)
