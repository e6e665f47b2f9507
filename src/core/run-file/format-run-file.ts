import type { HealthLimits, Limits } from './health-limits.js'
import { CELLS, driftBinCount, type RunFile } from './run-file.js'

/** A run as a commented YAML file, which `parseRunFile` reads back to an equal run. */
export function formatRunFile(run: RunFile): string {
  const { raw_word: raw, scintillator, cell, drift_time: bins, health } = run
  return `# The run file: how the detector of one run is built, read out and histogrammed.
# Lengths are in mm, times in ns, channels are TDC_CHANNEL as in the rows. A whole section that is left out has the
# values of the built-in default. A digest of everything but name and health goes into each result, and results are only
# ever added to results with the same digest.

# What people call the run.
name: ${scalar(run.name)}

# How a record is packed into the 64 bits of a .dat word; text files are not touched by this.
#   layout             head2-fpga4: HEAD in bits 62-63, FPGA in 58-61; head3-fpga3: HEAD in 61-63, FPGA in 58-60
#   channel_offset     added to TDC_CHANNEL when a word is unpacked
#   tdc_offset         added to TDC_MEAS when a word is unpacked,
#   tdc_offset_except  except on these channels, numbered as in the word
raw_word:
  layout: ${raw.layout}
  channel_offset: ${raw.channel_offset}
  tdc_offset: ${raw.tdc_offset}
  tdc_offset_except: [${raw.tdc_offset_except.join(', ')}]

# The chambers, number 0 first. Each has ${CELLS} channels of one FPGA.
#   first_channel  TDC_CHANNEL of its cell 0
#   offset_ns      added to t_hit - t_scintillator, so that the drift time of a hit on the wire is 0
#   z_mm           height of the chamber's middle
#   view           the coordinate that its wires measure: phi or theta
chambers:
${table(run.chambers, ['fpga', 'first_channel', 'offset_ns', 'z_mm', 'view'])}

# The channel that carries the scintillators' signal, from which drift times count.
scintillator: ${flow(scintillator, ['fpga', 'channel'])}

# One drift cell: the wire is in the middle, so the longest drift is over half the width (${longestDrift(run)} ns).
cell:
  width_mm: ${cell.width_mm}
  height_mm: ${cell.height_mm}
  drift_velocity_um_per_ns: ${cell.drift_velocity_um_per_ns}

# The four layers of a chamber, from the bottom up; c is the channel counted from the chamber's first.
#   channel_mod_4  the layer has the channels with c mod 4 equal to this; the wire is c / 4, rounded down (0 to 15)
#   first_wire_mm  position of wire 0 across the chamber
#   z_mm           height above the chamber's middle
layers:
${table(run.layers, ['channel_mod_4', 'first_wire_mm', 'z_mm'])}

# The bins of the drift-time histograms: ${driftBinCount(bins)} of them. A width of whole TDC counts (25/30 ns) keeps the counter's
# steps from beating against the bins.
drift_time: ${flow(bins, ['low_ns', 'high_ns', 'width_ns'])}

${formatHealth(health)}`
}

function formatHealth(health: HealthLimits): string {
  return `# When watch raises an alarm. Any line may be left out; \`rate: off\` switches that check off.
#   significance  how sure a check must be, in standard deviations
#   ignore_cells  cells known to be dead or hot: - { chamber: 0, cell: 0 }
#   dead_cells    a cell has less than this share of the hits of the cells around it
#   hot_cells     a cell has more than so many times the hits of the cells around it
#   rate          hits a second in a chamber, over 10 s
#   drift_edges   how far the drift-time box may begin from 0, and the drift velocity be from the cell's
#   scintillator  scintillator signals for each hit
#   lag           messages still to be read: so many, and growing, for so many seconds
#   malformed     the part of all rows that cannot be read
#   reference     how far a histogram may be from the reference's (relative, rms), and how improbable that must be
health:
  significance: ${health.significance}
  ignore_cells:${cells(health)}
  dead_cells: ${limits(health.dead_cells)}
  hot_cells: ${limits(health.hot_cells)}
  rate: ${limits(health.rate)}
  drift_edges: ${limits(health.drift_edges)}
  scintillator: ${limits(health.scintillator)}
  lag: ${limits(health.lag)}
  malformed: ${limits(health.malformed)}
  reference: ${limits(health.reference)}
`
}

function cells({ ignore_cells }: HealthLimits): string {
  if (ignore_cells.length === 0) return ' []'
  return `\n${table(ignore_cells, ['chamber', 'cell'], 4)}`
}

function limits<T extends object>(of: Limits<T>): string {
  return of === 'off' ? of : flow(of, Object.keys(of) as (keyof T & string)[])
}

/** A list of mappings, one a line, their values below each other: numbers to the right, words to the left. */
function table<T extends object>(items: readonly T[], keys: readonly (keyof T & string)[], indent = 2): string {
  const widths = keys.map((key) => Math.max(...items.map((item) => String(item[key]).length)))
  const field = (value: unknown, width: number) =>
    typeof value === 'number' ? String(value).padStart(width) : String(value).padEnd(width)
  return items
    .map((item) => keys.map((key, column) => `${key}: ${field(item[key], widths[column])}`).join(', '))
    .map((fields) => `${' '.repeat(indent)}- { ${fields} }`)
    .join('\n')
}

function flow<T extends object>(item: T, keys: readonly (keyof T & string)[]): string {
  return `{ ${keys.map((key) => `${key}: ${item[key]}`).join(', ')} }`
}

/** Text as YAML: plain where that cannot be taken for anything else, else quoted as JSON is, which YAML reads alike. */
function scalar(text: string): string {
  const plain = /^[A-Za-z][\w-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
  return plain ? text : JSON.stringify(text)
}

function longestDrift({ cell }: RunFile): number {
  return Math.round(((cell.width_mm / 2) * 1000) / cell.drift_velocity_um_per_ns)
}
