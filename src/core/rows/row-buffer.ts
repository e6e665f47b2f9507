/** The six columns of rows, as typed arrays; the types are those of the Arrow record batch. */
export interface Columns {
  /** HEAD */
  readonly head: Uint8Array
  /** FPGA */
  readonly fpga: Uint8Array
  /** TDC_CHANNEL */
  readonly channel: Uint16Array
  /** ORBIT_CNT */
  readonly orbit: Uint32Array
  /** BX_COUNTER */
  readonly bx: Uint16Array
  /** TDC_MEAS: TDC counts in a hit, a signed decimal in some ancillary words */
  readonly tdc: Float32Array
}

/** Where records that could not be read lie in the bytes that were parsed; `row` is the row they stand before. */
export interface MalformedExtents {
  count: number
  readonly start: Uint32Array
  readonly end: Uint32Array
  readonly row: Uint32Array
}

/**
 * A reusable block of parsed rows: columns, and for text the extent of each row in the bytes it came from.
 * Nothing in it is an object per row. Extents are relative to the bytes that were handed to the parser.
 */
export interface RowBuffer {
  readonly capacity: number
  length: number
  readonly columns: Columns
  readonly start: Uint32Array
  readonly end: Uint32Array
  readonly malformed: MalformedExtents
}

/** A multiple of 64, so that Arrow's buffers are padded as they stand. */
export const DEFAULT_CAPACITY = 65_536

export function createColumns(capacity: number): Columns {
  return {
    head: new Uint8Array(capacity),
    fpga: new Uint8Array(capacity),
    channel: new Uint16Array(capacity),
    orbit: new Uint32Array(capacity),
    bx: new Uint16Array(capacity),
    tdc: new Float32Array(capacity),
  }
}

/** A buffer for up to `capacity` rows, malformed ones not counted in (they have as many places of their own). */
export function createRowBuffer(capacity: number = DEFAULT_CAPACITY): RowBuffer {
  return {
    capacity,
    length: 0,
    columns: createColumns(capacity),
    start: new Uint32Array(capacity),
    end: new Uint32Array(capacity),
    malformed: {
      count: 0,
      start: new Uint32Array(capacity),
      end: new Uint32Array(capacity),
      row: new Uint32Array(capacity),
    },
  }
}

export function clearRows(rows: RowBuffer): void {
  rows.length = 0
  rows.malformed.count = 0
}
