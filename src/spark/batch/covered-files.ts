import type { FileRange, Result } from '../../core/results/result.js'
import { emptyRowCounts } from '../../core/results/row-counts.js'
import type { OrbitsToJoin } from './judge-orbits.js'
import type { SparkFile } from './spark-files.js'
import type { Survey } from './survey.js'

/**
 * What results of files cover: the first all bytes, as rows are read before the first orbit closes, and those of later windows
 * nothing behind them.
 */
export class CoveredFiles {
  private sent = 0
  private readonly ranges: Omit<FileRange, 'watermark'>[]

  constructor(
    files: readonly SparkFile[],
    private readonly survey: Survey,
    private readonly orbits: OrbitsToJoin,
  ) {
    const ranges = files.map(({ id }, i) => ({ name: id, from: 0, to: survey.bytes[i] }))
    const filled = ranges.filter(({ to }) => to > 0)
    this.ranges = filled.length > 0 ? filled : ranges.slice(0, 1)
  }

  /** @param watermark the last orbit of the window, as on the wire */
  next(watermark: number): Pick<Result, 'msg_ID' | 'source' | 'rows'> {
    const closed = this.orbits.lastOrbit === null ? null : watermark
    const msg_ID = this.sent++
    if (msg_ID === 0)
      return { msg_ID, source: this.ranges.map((range) => ({ ...range, watermark: closed })), rows: this.rows() }
    const { name, to } = this.ranges[this.ranges.length - 1]
    return { msg_ID, source: [{ name, from: to, to, watermark: closed }], rows: emptyRowCounts() }
  }

  private rows(): Result['rows'] {
    const { rows, blocks } = this.survey
    const isLate = new Set(this.orbits.lateOrbits)
    // nothing else is in the block of a late orbit
    const late = blocks.low.reduce(
      (sum, orbit, i) => sum + (isLate.has(orbit) ? blocks.hits[i] + blocks.scintillator[i] : 0),
      0,
    )
    return { ...rows, late }
  }
}
