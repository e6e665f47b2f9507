/** Cleansed hits and scintillator signals, in the order in which their rows came, as typed arrays. */
export interface HitColumns {
  length: number
  /** restarts of the orbit counter before it */
  run: Uint32Array
  /** ORBIT_CNT */
  orbit: Uint32Array
  /** the chamber's number, or SCINTILLATOR */
  chamber: Uint8Array
  /** the cell 0..63 in its chamber; 0 in a scintillator signal */
  cell: Uint8Array
  /** TDC counts since the orbit began: 30 * BX_COUNTER + TDC_MEAS */
  time: Float64Array
}

export function createHitColumns(capacity: number): HitColumns {
  return {
    length: 0,
    run: new Uint32Array(capacity),
    orbit: new Uint32Array(capacity),
    chamber: new Uint8Array(capacity),
    cell: new Uint8Array(capacity),
    time: new Float64Array(capacity),
  }
}
