import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { findSparkHome } from '../../../src/spark/server/spark-home.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** A folder with files of these names in it. */
async function folderWith(...names: string[]): Promise<string> {
  const folder = await temporaryFolder()
  for (const name of names) {
    await mkdir(join(folder, name, '..'), { recursive: true })
    await writeFile(join(folder, name), '')
  }
  return folder
}

const SPARK = ['bin/spark-submit', 'jars/spark-core_2.13-4.0.0.jar', 'jars/spark-connect_2.13-4.0.0.jar']

it('finds a Spark and its version', async () => {
  const folder = await folderWith(...SPARK, 'jars/spark-connect-shims_2.13-4.0.0.jar')
  expect(findSparkHome(folder, {})).toEqual({ folder, version: '4.0.0' })
  expect(findSparkHome(undefined, { SPARK_HOME: folder })).toEqual({ folder, version: '4.0.0' })
})

it.each([
  [[], /there is no Spark in/],
  [['jars/spark-core_2.13-4.0.0.jar'], /there is no Spark in/],
  [['bin/spark-submit', 'jars/other.jar'], /has no spark-core$/],
  [
    ['bin/spark-submit', 'jars/spark-core_2.12-3.5.1.jar', 'jars/spark-connect-common_2.12-3.5.1.jar'],
    /^the Spark 3\.5\.1 in \S+ has no Connect server$/,
  ],
])('refuses a folder that has only %j', async (names, sentence) => {
  const folder = await folderWith(...names)
  expect(() => findSparkHome(folder, {})).toThrow(sentence)
  expect(() => findSparkHome(folder, {})).toThrow(expect.objectContaining({ name: 'ExpectedError', exit: 2 }))
})

it('says what to do where no folder is named', () => {
  expect(() => findSparkHome(undefined, {})).toThrow(
    expect.objectContaining({ exit: 2, suggestions: ['name it: --spark-home DIR'] }),
  )
})
