import { existsSync, readFileSync, statSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'dot-properties'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sparkDefaults, writePropertiesFile } from '../../../src/spark/server/properties-file.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const MODE = 0o777

describe('a file of properties', () => {
  it('is for its owner, and gone when it is removed', () => {
    const file = writePropertiesFile({ 'spark.secret': 'hidden' }, '')
    expect(statSync(file.path).mode & MODE).toBe(0o600)
    expect(statSync(join(file.path, '..')).mode & MODE).toBe(0o700)
    file.remove()
    expect(existsSync(join(file.path, '..'))).toBe(false)
  })

  it('counts more than the defaults', () => {
    const file = writePropertiesFile({ 'spark.a': 'ours' }, 'spark.a theirs\nspark.b theirs')
    expect(parse(readFileSync(file.path, 'utf8'))).toEqual({ 'spark.a': 'ours', 'spark.b': 'theirs' })
    file.remove()
  })

  it('holds any value', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (value) => {
        const file = writePropertiesFile({ 'spark.a': value, 'spark.b': 'next' }, '')
        try {
          expect(parse(readFileSync(file.path, 'utf8'))).toEqual({ 'spark.a': value, 'spark.b': 'next' })
        } finally {
          file.remove()
        }
      }),
    )
  })
})

it('reads spark-defaults.conf where Spark does', async () => {
  const home = await temporaryFolder()
  expect(sparkDefaults(home, {})).toBe('')
  await mkdir(join(home, 'conf'))
  await mkdir(join(home, 'other'))
  await writeFile(join(home, 'conf', 'spark-defaults.conf'), 'spark.a 1')
  await writeFile(join(home, 'other', 'spark-defaults.conf'), 'spark.a 2')
  expect(sparkDefaults(home, {})).toBe('spark.a 1')
  expect(sparkDefaults(home, { SPARK_CONF_DIR: join(home, 'other') })).toBe('spark.a 2')
})
