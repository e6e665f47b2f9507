import { DEFAULT_HEALTH, type HealthLimits } from './health-limits.js'

/** How a run's detector is built, read out and histogrammed. Everything that differs between runs is here. */
export interface RunFile {
  /** what people call the run */
  readonly name: string
  readonly raw_word: RawWord
  readonly chambers: readonly Chamber[]
  /** the channel that carries the signal of the scintillators */
  readonly scintillator: { readonly fpga: number; readonly channel: number }
  readonly cell: Cell
  /** the layers from the bottom up; which of a chamber's channels are theirs, and where wire 0 is */
  readonly layers: readonly Layer[]
  readonly drift_time: DriftTimeBins
  /** no part of the geometry */
  readonly health: HealthLimits
}

/** How a record is packed into the 64 bits of a `.dat` word, and what to add to the fields when unpacking. */
export interface RawWord {
  /** `head2-fpga4`: HEAD 62-63, FPGA 58-61; `head3-fpga3`: HEAD 61-63, FPGA 58-60 */
  readonly layout: 'head2-fpga4' | 'head3-fpga3'
  /** added to TDC_CHANNEL when unpacking */
  readonly channel_offset: number
  /** added to TDC_MEAS when unpacking, except on the channels listed */
  readonly tdc_offset: number
  /** raw TDC_CHANNEL numbers (before the offset) whose TDC_MEAS stays as it is */
  readonly tdc_offset_except: readonly number[]
}

/** 64 channels of one FPGA, and where they stand in the telescope. */
export interface Chamber {
  readonly fpga: number
  /** TDC_CHANNEL of its cell 0; it has 64 */
  readonly first_channel: number
  /** added to t_hit - t_scintillator, in ns */
  readonly offset_ns: number
  /** height of the chamber's middle, in mm */
  readonly z_mm: number
  /** the coordinate that its wires measure */
  readonly view: 'phi' | 'theta'
}

export interface Cell {
  readonly width_mm: number
  readonly height_mm: number
  readonly drift_velocity_um_per_ns: number
}

export interface Layer {
  /** the channels c of a chamber with c mod 4 equal to this are the layer's; wire = floor(c / 4) */
  readonly channel_mod_4: number
  /** local position of wire 0, in mm */
  readonly first_wire_mm: number
  /** height above the chamber's middle, in mm */
  readonly z_mm: number
}

/** Bins of the drift-time histograms, in ns. `(high - low) / width` is a whole number. */
export interface DriftTimeBins {
  readonly low_ns: number
  readonly high_ns: number
  readonly width_ns: number
}

/** Cells, and so channels, of a chamber: 4 layers of 16. */
export const CELLS = 64
export const LAYERS = 4
export const WIRES = 16

/** 1 orbit in bunch crossings, 1 bunch crossing in ns and in TDC counts. */
export const BX_PER_ORBIT = 3564
export const NS_PER_BX = 25
export const TDC_PER_BX = 30
export const NS_PER_ORBIT = BX_PER_ORBIT * NS_PER_BX

/** Number of drift-time bins. */
export function driftBinCount({ low_ns, high_ns, width_ns }: DriftTimeBins): number {
  return Math.round((high_ns - low_ns) / width_ns)
}

/** The published miniDT telescope: the stacking of run 1228, the offsets of the course text. */
export const DEFAULT_RUN: RunFile = {
  name: 'minidt',
  raw_word: { layout: 'head2-fpga4', channel_offset: 0, tdc_offset: 0, tdc_offset_except: [137, 138] },
  chambers: [
    { fpga: 0, first_channel: 0, offset_ns: 95.0 - 1.1, z_mm: 364.75, view: 'phi' },
    { fpga: 0, first_channel: 64, offset_ns: 95.0 + 6.4, z_mm: 529.75, view: 'theta' },
    { fpga: 1, first_channel: 0, offset_ns: 95.0 + 0.5, z_mm: 695.75, view: 'phi' },
    { fpga: 1, first_channel: 64, offset_ns: 95.0 - 2.6, z_mm: 790.25, view: 'phi' },
  ],
  scintillator: { fpga: 1, channel: 128 },
  cell: { width_mm: 42, height_mm: 13, drift_velocity_um_per_ns: 53.8 },
  layers: [
    { channel_mod_4: 3, first_wire_mm: -294, z_mm: -19.5 },
    { channel_mod_4: 1, first_wire_mm: -315, z_mm: -6.5 },
    { channel_mod_4: 2, first_wire_mm: -294, z_mm: 6.5 },
    { channel_mod_4: 0, first_wire_mm: -315, z_mm: 19.5 },
  ],
  drift_time: { low_ns: -100, high_ns: 550, width_ns: 2.5 },
  health: DEFAULT_HEALTH,
}
