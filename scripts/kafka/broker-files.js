// What a broker is made of: a Java, and Kafka's jars, fetched once by Maven into a cache folder.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { env, platform } from 'node:process'
import { fileURLToPath } from 'node:url'

const POM = fileURLToPath(new URL('../../test/kafka/support/broker.pom.xml', import.meta.url))
const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.0:copy-dependencies'

export const JAVA = env.JAVA_HOME ? join(env.JAVA_HOME, 'bin', 'java') : 'java'
export const CACHE = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dtstream', 'kafka-4.3.1')
export const JARS = join(CACHE, 'jars')

/** The version of Java, such as `17.0.15`; nothing where there is none. */
export function javaVersion() {
  return /version "([^"]+)"/.exec(said(JAVA, '-version'))?.[1]
}

/** Whether a program is there and answers. */
export function runs(program, argument) {
  return spawnSync(program, [argument], { stdio: 'ignore', shell: platform === 'win32' }).status === 0
}

export function haveJars() {
  return existsSync(JARS)
}

/** Fetches the jars if they are missing. They appear under their name when all are there, so two runs at once do no harm. */
export function fetchJars() {
  if (haveJars()) return
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'fetch-'))
  try {
    copyJars(POM, join(folder, 'jars'), "Kafka's jars")
    place(join(folder, 'jars'), JARS)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Has Maven copy the jars that a pom depends on into a new folder; `what` they are is for the error. */
export function copyJars(pom, folder, what) {
  const mvn = spawnSync('mvn', ['-B', '-ntp', '-q', '-f', pom, COPY, `-DoutputDirectory=${folder}`], {
    encoding: 'utf8',
    shell: platform === 'win32',
  })
  if (mvn.status !== 0) throw new Error(`Maven could not fetch ${what}:\n${mvn.error ?? mvn.stdout + mvn.stderr}`)
}

/** Gives a finished file or folder its name in the cache, unless another run was first. */
export function place(made, name) {
  try {
    renameSync(made, name)
  } catch (error) {
    if (!existsSync(name)) throw error
  }
}

function said(program, argument) {
  const { stdout, stderr } = spawnSync(program, [argument], { encoding: 'utf8' })
  return `${stdout ?? ''}${stderr ?? ''}`
}
