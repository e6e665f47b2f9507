import { Int64, Table, tableToIPC, vectorFromArray } from 'apache-arrow'
import { Table as ParquetTable, writeParquet } from 'parquet-wasm'
import type { TestRecord } from '../../src/conformance/records.js'
import type { RawWord } from '../../src/core/run-file/run-file.js'

export { anyRecord, anyRow, manyRecords, type TestRecord } from '../../src/conformance/records.js'

export const HEADER = 'HEAD,FPGA,TDC_CHANNEL,ORBIT_CNT,BX_COUNTER,TDC_MEAS'
/** A channel that MALFORMED_WORD's offset takes below 0. */
export const DAQ_OFFSET = -1
const WORD_BYTES = 8
const LARGEST_BLOCK = 1 << 17

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
