import { EXIT, ExpectedError } from '../../errors.js'
import { parseRangeFileName } from '../results/file-names.js'

/** One file of a recording of hits, by its name. */
export interface RecordedFile {
  /** as it was listed */
  path: string
  run: number
  hour: number
  /** group, topic and partition */
  lane: string
  from: number
  to: number
}

export interface Recording<F extends RecordedFile> {
  /** group and topic */
  name: string
  /** restarts of the orbit counter that there are files of, in order */
  runs: number[]
  /** the files of each lane, in the order in which their rows are read */
  lanes: F[][]
  /** what is missing, a sentence each */
  gaps: string[]
}

const RECORDED = /(?:^|[/\\])run=(\d{1,10})[/\\]hour=(\d{1,3})[/\\]([^/\\]+)\.(?:parquet|arrow)$/

/** What a file's name says of the hits in it; undefined where it is no file of recorded hits. */
export function parseRecordedName(path: string): RecordedFile | undefined {
  const [, run, hour, name] = RECORDED.exec(path) ?? []
  const range = name === undefined ? undefined : parseRangeFileName(name)
  if (!range) return undefined
  const { lane, from, to } = range
  return { path, run: Number(run), hour: Number(hour), lane, from, to }
}

/**
 * Puts the files of a recording in order: lane by lane, in a lane run by run, in a run range by range. A hole between the
 * ranges of a lane is told of.
 * @throws ExpectedError where ranges overlap, or files are of several recordings: rows would be counted twice
 */
export function planRecording<F extends RecordedFile>(files: readonly F[]): Recording<F> {
  const lanes = grouped(files, ({ lane }) => lane)
  const name = oneRecording([...lanes.keys()])
  const ordered = [...lanes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, of]) => of)
  return {
    name,
    runs: [...new Set(files.map(({ run }) => run))].sort((a, b) => a - b),
    lanes: ordered.map((of) => inReadingOrder(of)),
    gaps: ordered.flatMap((of) => gapsIn(of)),
  }
}

function oneRecording(lanes: readonly string[]): string {
  const names = [...new Set(lanes.map((lane) => lane.slice(0, lane.lastIndexOf('.'))))].sort()
  if (names.length > 1)
    throw new ExpectedError(
      `these are ${names.length} recordings, of ${names.join(' and ')}, and one can be read at a time`,
      [`a glob names one: 'FOLDER/run=*/hour=*/${names[0]}.*'`],
      EXIT.usage,
    )
  if (lanes.length > 1 && lanes.some((lane) => lane.endsWith('.all')))
    throw new ExpectedError(
      `${names[0]} was recorded as one lane and as several, and its rows would be counted twice`,
      [`a glob names one of them: 'FOLDER/run=*/hour=*/${names[0]}.all.*'`],
    )
  return names[0]
}

function inReadingOrder<F extends RecordedFile>(files: readonly F[]): F[] {
  const first = firstHours(files)
  const place = (file: RecordedFile) => (file.hour - (first.get(keyOf(file)) ?? 0) + HOURS) % HOURS
  return [...files].sort((a, b) => a.run - b.run || a.from - b.from || a.to - b.to || place(a) - place(b))
}

/** More than the counter has before it wraps: 106.3. */
const HOURS = 107

/** The hour with which each part of several begins: where the counter wraps, it is not the lowest. */
function firstHours(files: readonly RecordedFile[]): Map<string, number> {
  return new Map([...grouped(files, keyOf)].map(([key, of]) => [key, behindLongestPause(of.map(({ hour }) => hour))]))
}

function grouped<F extends RecordedFile>(files: readonly F[], nameOf: (file: F) => string): Map<string, F[]> {
  const groups = new Map<string, F[]>()
  for (const file of files) {
    const group = groups.get(nameOf(file))
    if (group) group.push(file)
    else groups.set(nameOf(file), [file])
  }
  return groups
}

function keyOf({ run, from, to }: RecordedFile): string {
  return `${run} ${from} ${to}`
}

function behindLongestPause(hours: readonly number[]): number {
  const sorted = [...hours].sort((a, b) => a - b)
  const pause = (i: number) => (sorted[i] - (sorted[i - 1] ?? sorted[sorted.length - 1] - HOURS)) % HOURS
  return sorted.reduce((best, hour, i) => (pause(i) > pause(sorted.indexOf(best)) ? hour : best), sorted[0])
}

/** @throws ExpectedError where ranges overlap */
function gapsIn(files: readonly RecordedFile[]): string[] {
  const sorted = [...files].sort((a, b) => a.from - b.from || a.to - b.to)
  const places = new Map<string, RecordedFile>()
  const gaps: string[] = []
  let before: RecordedFile | undefined
  for (const file of sorted) {
    const place = `${keyOf(file)} ${file.hour}`
    const isSamePart = before !== undefined && file.from === before.from && file.to === before.to
    const other = isSamePart ? places.get(place) : before !== undefined && file.from < before.to ? before : undefined
    if (other) throw overlap(other, file)
    if (before && file.from > before.to)
      gaps.push(`gap: no hits of ${file.lane} were recorded from offset ${before.to} up to ${file.from}`)
    places.set(place, file)
    before = file
  }
  return gaps
}

function overlap(one: RecordedFile, other: RecordedFile): ExpectedError {
  return new ExpectedError(
    `${one.path} and ${other.path} both hold hits from offset ${other.from} on, which would be counted twice`,
    ['move one of them away'],
  )
}
