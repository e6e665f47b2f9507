import type { Result, SparseCounts } from '../../src/core/results/result.js'
import type { Columns, RowBuffer } from '../../src/core/rows/row-buffer.js'
import type { Build } from './dtstream.js'

/** Something to be timed, and what its outcome is checked by. */
export interface Work {
  run(): Promise<unknown>
  /** called on the outcome of the first run, untimed */
  check(outcome: unknown): unknown
}

interface Block {
  columns: Columns
  length: number
}

/** The works of dtstream itself on a file of rows; `sim` makes `rows` rows. */
export const WORKS: Record<string, (build: Build, file: string, rows: number) => Work | Promise<Work>> = {
  parse: (build, file) => ({
    run: () => parsedBlocks(build, file),
    check: (blocks) => checksums(blocks as Block[]),
  }),
  stream: (build, file) => ({
    async run() {
      let count = 0
      for await (const rows of blocksOf(build, file)) count += rows.length
      return count
    },
    check: (rows) => ({ rows }),
  }),
  six: (build, file) => ({
    async run() {
      const fold = newFold(build)
      for await (const rows of blocksOf(build, file)) fold.fold(rows.columns, 0, rows.length)
      return takeResult(fold)
    },
    check: (result) => sixResults(result as Result),
  }),
  source: (build, uri) => ({
    async run() {
      const fold = newFold(build)
      const log = () => Promise.reject(new Error('no log is needed'))
      const parts = await build.openSources([uri], { run: build.DEFAULT_RUN, log })
      for await (const { rows } of build.readParts(parts)) fold.fold(rows.columns, 0, rows.length)
      return takeResult(fold)
    },
    check: (result) => sixResults(result as Result),
  }),
  fold: async (build, file) => {
    const blocks = await parsedBlocks(build, file)
    return {
      async run() {
        const fold = newFold(build)
        for (const { columns, length } of blocks) fold.fold(columns, 0, length)
        return takeResult(fold)
      },
      check: (result) => sixResults(result as Result),
    }
  },
  sim: (build, _file, rows) => ({
    async run() {
      const simulator = build.createSimulator(build.parseSimulatorOptions(new URLSearchParams(), build.DEFAULT_RUN))
      const buffer = build.createRowBuffer()
      for (let made = 0; made < rows; made += buffer.length) simulator.fill(buffer)
    },
    check: () => null,
  }),
}

async function* blocksOf(build: Build, file: string): AsyncGenerator<RowBuffer> {
  const feed = await build.fileFeed(file, 0)
  try {
    for await (const { rows } of build.textBlocks(feed, 0, build.createRowBuffer())) {
      if (rows.malformed.count > 0) throw new Error(`${file} has records that cannot be read`)
      yield rows
    }
  } finally {
    await feed.close()
  }
}

/** All rows of a file, kept, as the peers keep them. */
async function parsedBlocks(build: Build, file: string): Promise<Block[]> {
  const blocks: Block[] = []
  for await (const { columns, length } of blocksOf(build, file)) blocks.push({ columns: copy(columns, length), length })
  return blocks
}

function copy({ head, fpga, channel, orbit, bx, tdc }: Columns, length: number): Columns {
  return {
    head: head.slice(0, length),
    fpga: fpga.slice(0, length),
    channel: channel.slice(0, length),
    orbit: orbit.slice(0, length),
    bx: bx.slice(0, length),
    tdc: tdc.slice(0, length),
  }
}

function newFold(build: Build) {
  const { DEFAULT_RUN: run, DEFAULT_GRACE_ORBITS: grace } = build
  return new build.LaneFold(build.foldOptions({ run, geometry: '', grace, orbitDetail: true }))
}

function takeResult(fold: ReturnType<typeof newFold>): Result {
  fold.end()
  const now = new Date(0).toISOString()
  return fold.tally.take({
    msg_ID: 0,
    worker: 'bench',
    interval: { start: now, end: now },
    source: [],
    geometry: '',
    run: fold.run,
  })
}

/** The sums of the columns, and one of products across them, which would tell columns that have shifted. */
function checksums(blocks: Block[]): { rows: number; sums: string[] } {
  const sums = new Array<bigint>(7).fill(0n)
  let rows = 0
  for (const { columns, length } of blocks) {
    const { head, fpga, channel, orbit, bx, tdc } = columns
    const partial = new Float64Array(7)
    for (let i = 0; i < length; i++) {
      const mixed = bx[i] * channel[i] + (orbit[i] % 65_536) * (head[i] + 1)
      const values = [head[i], fpga[i], channel[i], orbit[i], bx[i], Math.floor(tdc[i] * 2 ** 20), mixed]
      for (let k = 0; k < values.length; k++) partial[k] += values[k]
    }
    partial.forEach((sum, k) => {
      sums[k] += BigInt(sum)
    })
    rows += length
  }
  return { rows, sums: sums.map(String) }
}

/** The form in which results are compared with the peers'. */
function sixResults(result: Result) {
  if (result.rows.late > 0) throw new Error(`${result.rows.late} hits were late: the results cannot be compared`)
  const drift = Object.values(result.drift_time_chamber)
  return {
    hit_count: result.hit_count,
    hit_count_chamber: result.hit_count_chamber,
    tdc_counts_chamber: pairs(result.tdc_counts_chamber),
    active_tdc_chamber: pairs(result.active_tdc_chamber ?? {}),
    tdc_counts_scintillator_chamber: pairs(result.tdc_counts_scintillator_chamber),
    drift_time_chamber: drift.map(({ low, width, bin_edges, hist_counts }) =>
      bin_edges.map((edge, i) => [Math.round((edge - low) / width), hist_counts[i]]),
    ),
    underflow: drift.map(({ underflow }) => underflow),
    overflow: drift.map(({ overflow }) => overflow),
  }
}

function pairs(counts: Record<string, SparseCounts>): number[][][] {
  return Object.values(counts).map(({ bin_edges, hist_counts }) => bin_edges.map((edge, i) => [edge, hist_counts[i]]))
}
