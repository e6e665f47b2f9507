import { expect, test } from 'vitest'
import { formatRunFile } from '../../../src/core/run-file/format-run-file.js'
import { geometryDigest } from '../../../src/core/run-file/geometry-digest.js'
import { parseRunFile } from '../../../src/core/run-file/parse-run-file.js'
import { DEFAULT_RUN, type RunFile } from '../../../src/core/run-file/run-file.js'

const DIGEST = geometryDigest(DEFAULT_RUN)

test('is 16 hexadecimal digits, and the default run keeps its own: results of other versions add to ours', () => {
  expect(DIGEST).toBe('35169b7d68c09eb9')
})

test('name, health, comments and key order do not matter', () => {
  const reversed = Object.fromEntries(Object.entries(DEFAULT_RUN).reverse()) as unknown as RunFile
  expect(geometryDigest({ ...reversed, name: 'other', scintillator: { channel: 128, fpga: 1 } })).toBe(DIGEST)
  expect(geometryDigest({ ...DEFAULT_RUN, health: { ...DEFAULT_RUN.health, significance: 5, lag: 'off' } })).toBe(
    DIGEST,
  )
  expect(geometryDigest(parseRunFile(formatRunFile(DEFAULT_RUN), 'run.yaml'))).toBe(DIGEST)
})

test('every other value matters', () => {
  const digests = variants(DEFAULT_RUN).map((run) => geometryDigest(run))
  expect(digests.length).toBe(5 + 4 * 5 + 2 + 3 + 4 * 3 + 3)
  expect(new Set([DIGEST, ...digests]).size).toBe(digests.length + 1)
})

/** Copies of the run with one number or word outside name and health changed in each. */
function variants(run: RunFile): RunFile[] {
  const { name, health, ...rest } = run
  const text = JSON.stringify(rest)
  const values = [...text.matchAll(/(?<=[:[,])(-?[\d.]+|"[\w-]+"(?!:))/g)]
  return values.map((value) => {
    const other = value[0].startsWith('"') ? '"other"' : String(Number(value[0]) + 0.5)
    return {
      name,
      health,
      ...JSON.parse(text.slice(0, value.index) + other + text.slice(value.index + value[0].length)),
    }
  })
}
