// What the Spark of the tests is made of: pyspark from PyPI, and Kafka's connector by Maven, each once into a cache folder.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env } from 'node:process'
import { fileURLToPath } from 'node:url'
import { copyJars, place } from '../kafka/broker-files.js'

const SUPPORT = new URL('../../test/spark/support/', import.meta.url)
const REQUIREMENTS = fileURLToPath(new URL('requirements.txt', SUPPORT))
const POM = fileURLToPath(new URL('kafka-connector.pom.xml', SUPPORT))
const CACHE = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dtstream', 'spark-4.0.0')
const VENV = join(CACHE, 'venv')

/** Python that has pyspark. */
export const PYTHON = join(VENV, 'bin', 'python')
export const CONNECTOR_JARS = join(CACHE, 'jars')

/** Spark as PyPI has it, a whole one; nothing where it is not installed. */
export function sparkHome() {
  const lib = join(VENV, 'lib')
  if (!existsSync(lib)) return undefined
  return readdirSync(lib)
    .map((python) => join(lib, python, 'site-packages', 'pyspark'))
    .find((folder) => existsSync(folder))
}

export function haveSpark() {
  return sparkHome() !== undefined
}

export function haveConnector() {
  return existsSync(CONNECTOR_JARS)
}

/** Paths of the jars by which Spark reads and writes Kafka, as spark.jars takes them. */
export function connectorJars() {
  return readdirSync(CONNECTOR_JARS)
    .map((name) => join(CONNECTOR_JARS, name))
    .join(',')
}

export function installSpark() {
  whole('venv', VENV, (folder) => {
    run('python3', ['-m', 'venv', folder])
    run(join(folder, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS])
  })
}

export function fetchConnector() {
  whole('jars', CONNECTOR_JARS, (folder) => copyJars(POM, folder, "Spark's connector for Kafka"))
}

/** What is made appears under its name when it is whole, so two runs at once do no harm. */
function whole(name, target, make) {
  if (existsSync(target)) return
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'make-'))
  try {
    make(join(folder, name))
    place(join(folder, name), target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(command, args) {
  const { status, error, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} did not succeed:\n${error ?? stderr}`)
}
