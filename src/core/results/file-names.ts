import { createHash } from 'node:crypto'
import type { Result, SourceRange } from './result.js'

/** Digits of `from` and `to`, so that names sort as the ranges do. */
const OFFSET_DIGITS = 20
const DIGEST_DIGITS = 12
/** Longer names of groups and topics are cut, and told apart by a digest: a file's name has 255 bytes. */
const LONGEST_PART = 64
const CUT_PART = 48

/** What the name of a file says, without its extension. */
export interface RangeName {
  /** group, topic and partition */
  lane: string
  from: number
  to: number
  digest: string
}

/**
 * The name of one result's file, without an extension: `<group>.<topic>.<partition>.<from>-<to>.<digest>`. Lane, range and
 * content make it, never the clock, so that the same result has the same name whoever writes it, and when.
 */
export function resultFileName(group: string, result: Result): string {
  const { worker, interval, ...content } = result
  return `${rangeFileName(group, result.source)}.${contentDigest(JSON.stringify(content))}`
}

/**
 * `<group>.<topic>.<partition>.<from>-<to>`. A lane of several partitions is `all` of them, and its range the sums over them; of
 * files it is the first one's base name and a digest of all their names. A window of a Spark job is of `windows-` and a digest of
 * the offsets at which the job began, and its range is one of orbits.
 */
export function rangeFileName(group: string, source: readonly SourceRange[]): string {
  const from = sum(source.map((range) => range.from))
  const to = sum(source.map((range) => range.to))
  return `${laneFileName(group, source)}.${digits(from)}-${digits(to)}`
}

/** The first digits of the SHA-256 of what a file is about. */
export function contentDigest(...content: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256')
  for (const piece of content) hash.update(piece)
  return hash.digest('hex').slice(0, DIGEST_DIGITS)
}

const RANGE_NAME = /^([^.]+\..+\.[^.]+)\.(\d{20})-(\d{20})\.([0-9a-f]{12})$/

/** Takes a name apart, as `rangeFileName` and a digest make it; undefined where it is none. */
export function parseRangeFileName(name: string): RangeName | undefined {
  const [, lane, from, to, digest] = RANGE_NAME.exec(name) ?? []
  return lane === undefined ? undefined : { lane, from: Number(from), to: Number(to), digest }
}

function laneFileName(group: string, source: readonly SourceRange[]): string {
  const [first] = source
  const of = escaped(group, NOT_PLAIN)
  if (first === undefined) return `${of}.~.all`
  if ('name' in first) {
    // a simulation's options are no part of its name
    const base =
      first.name
        .replace(/\?.*$/s, '')
        .split(/[/\\]/)
        .findLast((step) => step !== '') ?? ''
    return `${of}.${escaped(base, NOT_PLAIN_OR_DOT)}.${contentDigest(JSON.stringify(namesOf(source)))}`
  }
  return `${of}.${escaped(first.topic, NOT_PLAIN_OR_DOT)}.${partName(source)}`
}

/** Which part of a topic: a partition, the windows of a job, or all of it. */
function partName([first, ...others]: readonly SourceRange[]): string {
  if ('partition' in first && others.every((range) => 'partition' in range && range.partition === first.partition))
    return String(first.partition)
  if ('since' in first && others.length === 0) return `windows-${contentDigest(JSON.stringify(first.since))}`
  return 'all'
}

function namesOf(source: readonly SourceRange[]): string[] {
  return source.map((range) => ('name' in range ? range.name : range.topic))
}

const NOT_PLAIN = /[^A-Za-z0-9_-]/g
const NOT_PLAIN_OR_DOT = /[^A-Za-z0-9_.-]/g

/** Fit for the name of a file and the key of an object everywhere: any other byte is `~` and two hexadecimal digits. */
function escaped(text: string, others: RegExp): string {
  const bytes = Buffer.from(text).toString('latin1')
  const plain = bytes.replace(others, (byte) => `~${byte.charCodeAt(0).toString(16).padStart(2, '0')}`) || '~'
  return plain.length <= LONGEST_PART ? plain : `${plain.slice(0, CUT_PART)}~~${contentDigest(text)}`
}

function digits(offset: number): string {
  return String(offset).padStart(OFFSET_DIGITS, '0')
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
