import fc from 'fast-check'
import { findInconsistency } from '../../../src/core/run-file/consistency.js'
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
  })
  .filter((run) => findInconsistency(run) === undefined)
