import { CELLS, type DriftTimeBins, NS_PER_ORBIT, type RunFile, WIRES } from './run-file.js'

/** What is wrong with a run whose fields are fine one by one, put so that it reads on from the field's name. */
export interface Inconsistency {
  path: (string | number)[]
  message: string
}

const MAX_BINS = 10_000

/** The first contradiction between the fields of a run, or undefined. */
export function findInconsistency(run: RunFile): Inconsistency | undefined {
  return (
    overlappingChambers(run) ??
    scintillatorInChamber(run) ??
    layersOutOfOrder(run) ??
    layersApart(run) ??
    driftTooLong(run) ??
    badBins(run.drift_time) ??
    emptyRateBand(run) ??
    unknownCell(run)
  )
}

function overlappingChambers({ chambers }: RunFile): Inconsistency | undefined {
  for (let later = 1; later < chambers.length; later++) {
    for (let earlier = 0; earlier < later; earlier++) {
      const [a, b] = [chambers[earlier], chambers[later]]
      if (a.fpga !== b.fpga || Math.abs(a.first_channel - b.first_channel) >= CELLS) continue
      const first = Math.max(a.first_channel, b.first_channel)
      const last = Math.min(a.first_channel, b.first_channel) + CELLS - 1
      return {
        path: ['chambers', later, 'first_channel'],
        message: `gives it channels ${first} to ${last} of FPGA ${b.fpga}, which chambers[${earlier}] has already`,
      }
    }
  }
  return undefined
}

function scintillatorInChamber({ chambers, scintillator: { fpga, channel } }: RunFile): Inconsistency | undefined {
  const number = chambers.findIndex(
    (chamber) => chamber.fpga === fpga && channel >= chamber.first_channel && channel < chamber.first_channel + CELLS,
  )
  if (number < 0) return undefined
  const first = chambers[number].first_channel
  const cells = `channels ${first} to ${first + CELLS - 1} of FPGA ${fpga}`
  return {
    path: ['scintillator', 'channel'],
    message: `must be outside the chambers, and ${channel} is in chambers[${number}] (${cells})`,
  }
}

function layersOutOfOrder({ layers }: RunFile): Inconsistency | undefined {
  for (let i = 1; i < layers.length; i++) {
    const twin = layers.findIndex((layer) => layer.channel_mod_4 === layers[i].channel_mod_4)
    if (twin < i) {
      const message = `must differ from layer to layer, and ${layers[i].channel_mod_4} is that of layers[${twin}] already`
      return { path: ['layers', i, 'channel_mod_4'], message }
    }
    if (layers[i].z_mm <= layers[i - 1].z_mm) {
      const below = `${layers[i - 1].z_mm}, the height of layers[${i - 1}]`
      return {
        path: ['layers', i, 'z_mm'],
        message: `must be above ${below} (layers go from the bottom up), not ${layers[i].z_mm}`,
      }
    }
  }
  return undefined
}

/** Layers that share no cell of their chamber's width cannot be crossed by one track. */
function layersApart({ layers, cell }: RunFile): Inconsistency | undefined {
  const allowed = (WIRES - 1) * cell.width_mm
  for (const [i, layer] of layers.entries()) {
    const distance = Math.abs(layer.first_wire_mm - layers[0].first_wire_mm)
    if (distance >= allowed) {
      const message = `must be less than ${allowed} mm from that of layers[0], and ${layer.first_wire_mm} is not`
      return { path: ['layers', i, 'first_wire_mm'], message }
    }
  }
  return undefined
}

/** A hit and its scintillator signal must fit into one orbit. */
function driftTooLong({ cell }: RunFile): Inconsistency | undefined {
  const longest = ((cell.width_mm / 2) * 1000) / cell.drift_velocity_um_per_ns
  if (longest <= NS_PER_ORBIT / 4) return undefined
  return {
    path: ['cell', 'drift_velocity_um_per_ns'],
    message: `makes the longest drift time ${Math.round(longest)} ns, and a quarter of an orbit (${NS_PER_ORBIT / 4} ns) is the most`,
  }
}

function badBins({ low_ns, high_ns, width_ns }: DriftTimeBins): Inconsistency | undefined {
  if (high_ns <= low_ns) {
    return { path: ['drift_time', 'high_ns'], message: `must be above low_ns (${low_ns}), not ${high_ns}` }
  }
  const bins = (high_ns - low_ns) / width_ns
  if (bins > MAX_BINS) {
    return { path: ['drift_time', 'width_ns'], message: `makes ${Math.ceil(bins)} bins, and ${MAX_BINS} are the most` }
  }
  // decimals such as 0.1 have no exact double, hence a tolerance
  if (Math.round(bins) < 1 || Math.abs(bins - Math.round(bins)) > 1e-9 * bins) {
    return {
      path: ['drift_time', 'width_ns'],
      message: `must divide ${low_ns} to ${high_ns} into whole bins, and ${width_ns} makes ${Number(bins.toFixed(4))}`,
    }
  }
  return undefined
}

function emptyRateBand({ health: { rate } }: RunFile): Inconsistency | undefined {
  if (rate === 'off' || rate.most_hz > rate.least_hz) return undefined
  return {
    path: ['health', 'rate', 'most_hz'],
    message: `must be above least_hz (${rate.least_hz}), not ${rate.most_hz}`,
  }
}

function unknownCell({ chambers, health }: RunFile): Inconsistency | undefined {
  const index = health.ignore_cells.findIndex(({ chamber }) => chamber >= chambers.length)
  if (index < 0) return undefined
  return {
    path: ['health', 'ignore_cells', index, 'chamber'],
    message: `must be one of the run's, 0 to ${chambers.length - 1}, not ${health.ignore_cells[index].chamber}`,
  }
}
