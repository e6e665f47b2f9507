import { BX_PER_ORBIT, NS_PER_BX, type RunFile, TDC_PER_BX, WIRES } from '../run-file/run-file.js'

export const COUNTS_PER_ORBIT = BX_PER_ORBIT * TDC_PER_BX
export const COUNTS_PER_NS = TDC_PER_BX / NS_PER_BX

/** One layer of one chamber, as a muon meets it. */
export interface Plane {
  readonly chamber: number
  readonly fpga: number
  /** TDC_CHANNEL of wire 0; the next wire's is 4 higher */
  readonly firstChannel: number
  readonly firstWireMm: number
  readonly zMm: number
  /** measures y (theta) rather than x (phi) */
  readonly measuresY: boolean
  /** the chamber's offset, in TDC counts */
  readonly offsetCounts: number
}

export function planesOf(run: RunFile): Plane[] {
  return run.chambers.flatMap((chamber, number) =>
    run.layers.map((layer) => ({
      chamber: number,
      fpga: chamber.fpga,
      firstChannel: chamber.first_channel + layer.channel_mod_4,
      firstWireMm: layer.first_wire_mm,
      zMm: chamber.z_mm + layer.z_mm,
      measuresY: chamber.view === 'theta',
      offsetCounts: chamber.offset_ns * COUNTS_PER_NS,
    })),
  )
}

/**
 * The two scintillators: horizontal squares just below and above the chambers, over the cells that all layers share, so
 * that a muon through both crosses a cell in each layer.
 */
export interface Scintillators {
  /** both in x and in y */
  readonly fromMm: number
  readonly toMm: number
  readonly lowerZMm: number
  readonly upperZMm: number
}

export function scintillatorsOf(run: RunFile): Scintillators {
  const firstWires = run.layers.map((layer) => layer.first_wire_mm)
  const heights = planesOf(run).map((plane) => plane.zMm)
  const { width_mm, height_mm } = run.cell
  return {
    fromMm: Math.max(...firstWires) - width_mm / 2,
    toMm: Math.min(...firstWires) + (WIRES - 0.5) * width_mm,
    lowerZMm: Math.min(...heights) - height_mm,
    upperZMm: Math.max(...heights) + height_mm,
  }
}

/** FPGAs that send words, in the order in which the readout turns to them. */
export function fpgasOf({ chambers, scintillator }: RunFile): number[] {
  return [...new Set([...chambers, scintillator].map(({ fpga }) => fpga))].sort((a, b) => a - b)
}
