import { createHash } from 'node:crypto'
import { ExpectedError } from '../../errors.js'
import type { RunFile } from './run-file.js'

/**
 * The first 16 hexadecimal digits of the SHA-256 of everything in a run file but its name and its health section, as JSON with sorted keys:
 * comments, the order of keys and how a number is written make no difference.
 */
export function geometryDigest(run: RunFile): string {
  const { name, health, ...geometry } = run
  return createHash('sha256').update(canonicalJson(geometry)).digest('hex').slice(0, 16)
}

/** @param geometry the digest of the run file that results were made with, which is not `run` */
export function otherGeometry(geometry: string, run: RunFile): ExpectedError {
  return new ExpectedError(`the results were made with another run file than '${run.name}' (geometry ${geometry})`, [
    '--run names the run file that process was given',
  ])
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    isMapping(inner) ? Object.fromEntries(Object.entries(inner).sort(byKey)) : inner,
  )
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function byKey([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1
}
