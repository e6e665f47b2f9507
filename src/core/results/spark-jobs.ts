import { ExpectedError } from '../../errors.js'
import { Chains, sourceKey } from './chains.js'
import type { Result, TopicRange, WindowRange } from './result.js'
import { sparkPartOf } from './worker-name.js'

/**
 * What a sum knows of Spark jobs, which count the rows of a topic and its hits apart. Rows of different micro-batches and
 * windows of different jobs do not show by their ranges that they count the same rows: here it is seen. Keeps two numbers for
 * each micro-batch and partition.
 */
export class SparkJobs {
  /** topics that a job has read: holes between its results of rows may be offsets without a message, and no gaps */
  readonly topics = new Set<string>()
  /** hits among the rows that jobs have read, less those in windows; undefined where there is no job */
  hitsInNoWindow: number | undefined
  /** results of rows that were added, by partition: where each ends, by where it begins */
  private readonly batches = new Map<string, Map<number, number>>()
  private readonly batchRanges = new Chains()
  /** offsets at which jobs began, by topic */
  private readonly begun = new Map<string, (readonly number[])[]>()
  /** how far results of lanes count hits, by topic and partition */
  private readonly lanes = new Map<string, number[]>()

  /**
   * Takes note of a result that is about to be added.
   * @param isCovered whether rows of its ranges are in the sum
   * @throws ExpectedError where the same rows or hits would be counted in two ways
   */
  admit(result: Result, isCovered: boolean): void {
    const windows = result.source.filter((range) => 'since' in range)
    const partitions = result.source.filter((range) => 'partition' in range)
    const isOfJob = sparkPartOf(result) === 'rows'
    if (isOfJob) for (const range of partitions) this.admitBatch(range, isCovered)
    for (const range of windows) this.admitWindow(range)
    if (!isOfJob && windows.length === 0 && result.hit_count > 0) for (const range of partitions) this.admitLane(range)
    for (const { topic } of isOfJob ? partitions : windows) this.topics.add(topic)
  }

  /** Counts a result that has been added. */
  add(result: Result): void {
    const isOfJob = sparkPartOf(result) !== undefined || result.source.some((range) => 'since' in range)
    if (isOfJob) this.hitsInNoWindow = (this.hitsInNoWindow ?? 0) + result.rows.hits - result.hit_count
  }

  /** A micro-batch is repeated as it was; one that overlaps another is of another job. */
  private admitBatch(range: TopicRange, isCovered: boolean): void {
    const key = sourceKey(range)
    const ends = this.batches.get(key) ?? new Map<number, number>()
    if (ends.get(range.from) === range.to) return
    if (this.batchRanges.overlaps([range]))
      throw countedTwice(`rows of ${key} from ${range.from} up to ${range.to}`, 'by two Spark jobs')
    if (isCovered) return
    ends.set(range.from, range.to)
    this.batches.set(key, ends)
    this.batchRanges.add([range])
  }

  private admitWindow({ topic, since }: WindowRange): void {
    const ends = this.lanes.get(topic) ?? []
    if (ends.some((end, partition) => end > (since[partition] ?? 0))) throw inTwoWays(topic)
    const begun = this.begun.get(topic) ?? []
    if (!begun.some((known) => known.join() === since.join())) begun.push(since)
    this.begun.set(topic, begun)
  }

  private admitLane({ topic, partition, to }: TopicRange): void {
    if (this.begun.get(topic)?.some((since) => to > (since[partition] ?? 0))) throw inTwoWays(topic)
    const ends = this.lanes.get(topic) ?? []
    ends[partition] = Math.max(ends[partition] ?? 0, to)
    this.lanes.set(topic, ends)
  }
}

function inTwoWays(topic: string): ExpectedError {
  return countedTwice(`hits of ${topic}`, 'in windows of a Spark job and in results of lanes')
}

function countedTwice(what: string, how: string): ExpectedError {
  return new ExpectedError(`${what} would be counted twice: ${how}`, [
    'read the results of one group alone: a topic or a folder of its own for each (process --to)',
  ])
}
