import { Int64, Table, tableToIPC, vectorFromArray } from 'apache-arrow'
import fc from 'fast-check'
import { Table as ParquetTable, writeParquet } from 'parquet-wasm'
import type { RawWord } from '../../src/core/run-file/run-file.js'

/** HEAD, FPGA, TDC_CHANNEL, ORBIT_CNT, BX_COUNTER, TDC_MEAS of a row, or a record that cannot be read. */
export type TestRecord = readonly [number, number, number, number, number, number] | 'malformed'

export const HEADER = 'HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS'
/** A channel that MALFORMED_WORD's offset takes below 0. */
export const DAQ_OFFSET = -1
const WORD_BYTES = 8
const LARGEST_BLOCK = 1 << 17

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

export function lineOf(record: TestRecord): string {
  return record === 'malformed' ? '2,0,x,5,2922,2' : record.join()
}

export function textFile(records: readonly TestRecord[], newline = '\n'): Buffer {
  return Buffer.from(records.map((record) => lineOf(record) + newline).join(''))
}

/** With a header, Windows line ends, and none at the last line. */
export function csvFile(records: readonly TestRecord[]): Buffer {
  return Buffer.from([HEADER, ...records.map(lineOf)].join('\r\n'))
}

/** Raw words as their bits are published, lowest first: 5, 12, 32, 9, and six that FPGA and HEAD share; for DAQ_OFFSET. */
export function daqFile(records: readonly TestRecord[], layout: RawWord['layout']): Buffer {
  const headShift = layout === 'head2-fpga4' ? 62n : 61n
  const bytes = Buffer.alloc(records.length * WORD_BYTES)
  records.forEach((record, i) => {
    if (record === 'malformed') return
    const [head, fpga, channel, orbit, bx, tdc] = record.map(BigInt)
    const word =
      tdc | (bx << 5n) | (orbit << 17n) | ((channel - BigInt(DAQ_OFFSET)) << 49n) | (fpga << 58n) | (head << headShift)
    bytes.writeBigUInt64LE(word, i * WORD_BYTES)
  })
  return bytes
}

/** In record batches of up to `batchRows`, all columns 64-bit integers; a malformed record is one with a null. */
export function arrowFile(records: readonly TestRecord[], format: 'file' | 'stream', batchRows = 40_000): Buffer {
  const slices = Array.from({ length: Math.max(1, Math.ceil(records.length / batchRows)) }, (_, i) =>
    records.slice(i * batchRows, (i + 1) * batchRows),
  )
  const tables = slices.map((slice) => {
    const columns = HEADER.split(',').map((name, k) => {
      const values = slice.map((record) => (record === 'malformed' ? (k === 2 ? null : 2n) : BigInt(record[k])))
      return [name, vectorFromArray(values, new Int64())] as const
    })
    return new Table(Object.fromEntries(columns))
  })
  const [first, ...rest] = tables
  return Buffer.from(tableToIPC(first.concat(...rest), format))
}

/** As `arrowFile`, in Parquet. */
export function parquetFile(records: readonly TestRecord[]): Buffer {
  return Buffer.from(writeParquet(ParquetTable.fromIPCStream(arrowFile(records, 'stream'))))
}

/** A zstd file whose blocks are stored as they are, of up to 128 KiB each: nothing here can compress. */
export function zstdFrame(bytes: Uint8Array): Buffer {
  // a frame without checksum whose content's size is told in 8 bytes and whose window is all of it
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0])
  head.writeBigUInt64LE(BigInt(bytes.length), 5)
  const parts: Uint8Array[] = [head]
  for (let at = 0; at === 0 || at < bytes.length; at += LARGEST_BLOCK) {
    const block = bytes.subarray(at, at + LARGEST_BLOCK)
    const isLast = at + LARGEST_BLOCK >= bytes.length
    const blockHead = Buffer.alloc(3)
    blockHead.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3)
    parts.push(blockHead, block)
  }
  return Buffer.concat(parts)
}
