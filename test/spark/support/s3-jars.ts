import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyJars, place } from '../../../scripts/kafka/broker-files.js'
import { CONNECTOR_JARS } from '../../../scripts/spark/spark-files.js'

const POM = fileURLToPath(new URL('s3-connector.pom.xml', import.meta.url))
const CACHE = dirname(CONNECTOR_JARS)
const JARS = join(CACHE, 's3-jars')

/**
 * Paths of the jars by which Spark reads S3, 14 MB, fetched once by Maven.
 * @throws Error where they cannot be fetched
 */
export function s3Jars(): string[] {
  if (!existsSync(JARS)) fetchJars()
  return readdirSync(JARS).map((name) => join(JARS, name))
}

function fetchJars(): void {
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'make-'))
  try {
    copyJars(POM, join(folder, 'jars'), "Hadoop's module for S3")
    place(join(folder, 'jars'), JARS)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
