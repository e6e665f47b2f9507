import { CELLS, type RunFile } from './run-file.js'

/** FPGA 0..15 and TDC_CHANNEL 0..511 are what a raw word holds; the tables cover these, and nothing beyond is mapped. */
export const FPGAS = 16
export const CHANNELS_PER_FPGA = 512

/** More than any telescope has; their numbers stay clear of the marks below. */
export const MAX_CHAMBERS = 16

/** Entries of `ChamberMap.target` that are no chamber. */
export const SCINTILLATOR = 254
export const UNMAPPED = 255

/**
 * Where a row with HEAD 2 belongs, looked up at `fpga * CHANNELS_PER_FPGA + channel`. A row with an FPGA of 16 or more or a
 * channel of 512 or more is unmapped and outside the tables: callers look first.
 */
export interface ChamberMap {
  /** the chamber's number, SCINTILLATOR or UNMAPPED */
  readonly target: Uint8Array
  /** the cell 0..63 in its chamber; 0 where there is no chamber */
  readonly cell: Uint8Array
}

export function createChamberMap(run: RunFile): ChamberMap {
  const target = new Uint8Array(FPGAS * CHANNELS_PER_FPGA).fill(UNMAPPED)
  const cell = new Uint8Array(FPGAS * CHANNELS_PER_FPGA)
  for (const [number, chamber] of run.chambers.entries()) {
    const first = chamber.fpga * CHANNELS_PER_FPGA + chamber.first_channel
    for (let c = 0; c < CELLS; c++) {
      target[first + c] = number
      cell[first + c] = c
    }
  }
  target[run.scintillator.fpga * CHANNELS_PER_FPGA + run.scintillator.channel] = SCINTILLATOR
  return { target, cell }
}
