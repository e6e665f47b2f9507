import fc from 'fast-check'

/** HEAD, FPGA, TDC_CHANNEL, ORBIT_CNT, BX_COUNTER, TDC_MEAS of a row, or a record that cannot be read. */
export type TestRecord = readonly [number, number, number, number, number, number] | 'malformed'

/** Rows that every format can hold. */
export const anyRow: fc.Arbitrary<TestRecord> = fc.tuple(
  fc.nat(3),
  fc.nat(7),
  fc.nat(500),
  fc.nat(2 ** 32 - 1),
  fc.nat(4095),
  fc.nat(29),
)

/** Rows with a malformed record here and there. */
export const anyRecord: fc.Arbitrary<TestRecord> = fc.oneof(
  { weight: 5, arbitrary: anyRow },
  { weight: 1, arbitrary: fc.constant('malformed' as const) },
)

/** Many different rows, in orbits that go on, with every 1000th record malformed. */
export function manyRecords(count: number): TestRecord[] {
  return Array.from({ length: count }, (_, i) =>
    i % 1000 === 999 ? 'malformed' : [2, i & 1, (i * 7) % 128, 4_000_000 + 3 * (i >> 2), (i * 31) % 3564, i % 30],
  )
}
