import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'dot-properties'
import type { SparkConf } from './settings.js'

/** Conf in a file that only its owner can read, as it may hold secrets. */
export interface PropertiesFile {
  path: string
  remove(): void
}

/**
 * Writes conf as spark-submit takes it. What spark-defaults.conf says, which Spark does not read beside such a file, is
 * in it too, and counts less.
 */
export function writePropertiesFile(conf: SparkConf, defaults: string): PropertiesFile {
  const folder = mkdtempSync(join(tmpdir(), 'dtstream-spark-'))
  const path = join(folder, 'spark.properties')
  // Spark reads UTF-8; lines are not folded, as that may cut a character in two
  const text = stringify(conf, { latin1: false, lineWidth: null })
  writeFileSync(path, `${defaults}\n${text}\n`, { mode: 0o600 })
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** The text of spark-defaults.conf; empty where there is none. */
export function sparkDefaults(home: string, env = process.env): string {
  try {
    return readFileSync(join(env.SPARK_CONF_DIR || join(home, 'conf'), 'spark-defaults.conf'), 'utf8')
  } catch {
    return ''
  }
}
