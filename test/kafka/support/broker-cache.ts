import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { arch } from 'node:os'
import { join } from 'node:path'
import { CACHE, JAVA, javaVersion, place } from '../../../scripts/kafka/broker-files.js'
import { BrokerProcess, javaArguments } from './broker-process.js'
import { brokerProperties, type Properties, writeProperties } from './broker-properties.js'
import { freePorts } from './free-ports.js'
import { Guardian } from './guardian.js'

/** Any id will do: clusters of tests never meet. */
const CLUSTER = 'ZHRzdHJlYW0tdGVzdC0wMQ'

/** Has a broker's data folder formatted by Kafka, with users of SCRAM if given (`SCRAM-SHA-256=[name=...,password=...]`). */
export function format(folder: string, propertiesPath: string, users: readonly string[] = []): void {
  // In a file and not on the command line, which everybody on the machine can read.
  const argumentsPath = join(folder, 'format.args')
  const args = ['kafka.tools.StorageTool', 'format', '-t', CLUSTER, '-c', propertiesPath]
  for (const user of users) args.push('--add-scram', user)
  writeFileSync(
    argumentsPath,
    javaArguments(...args)
      .map((arg) => `"${arg}"\n`)
      .join(''),
    { mode: 0o600 },
  )
  try {
    execFileSync(JAVA, [`@${argumentsPath}`], { stdio: ['ignore', 'ignore', 'pipe'], timeout: 120_000 })
  } finally {
    rmSync(argumentsPath)
  }
}

/** Copies the formatted data folder of broker `id`, made once: it knows nothing of ports and settings. */
export function copyFormatted(id: number, data: string): void {
  const template = join(CACHE, `formatted-${id}`)
  if (!existsSync(template)) {
    inTemporaryFolder((folder) => {
      const properties = join(folder, 'server.properties')
      const made = join(folder, 'data')
      const ports = { client: 1, internal: 2, controller: 3 }
      writeProperties(properties, brokerProperties({ id, ports, advertised: 1, data: made }, [{ id, ports }]))
      format(folder, properties)
      place(made, template)
    })
  }
  cpSync(template, data, { recursive: true })
}

/** The JVM's flags for a fast start: the classes that a broker loads, laid out ready, which is done once for each Java. */
export async function archiveFlags(): Promise<string[]> {
  const archive = join(CACHE, `classes-${arch()}-${javaVersion()}.jsa`)
  if (!existsSync(archive)) await makeArchive(archive)
  return existsSync(archive) ? [`-XX:SharedArchiveFile=${archive}`] : []
}

/** A JVM without this facility leaves no archive, and brokers start without. */
async function makeArchive(archive: string): Promise<void> {
  const folder = mkdtempSync(join(CACHE, 'make-'))
  const guardian = new Guardian(folder)
  try {
    const [client = 0, internal = 0, controller = 0] = await freePorts(3)
    const ports = { client, internal, controller }
    const data = join(folder, 'data')
    copyFormatted(1, data)
    const properties: Properties = brokerProperties({ id: 1, ports, advertised: client, data }, [{ id: 1, ports }])
    writeProperties(join(folder, 'server.properties'), properties)
    const made = join(folder, 'made.jsa')
    const broker = new BrokerProcess(join(folder, 'server.properties'), join(folder, 'log'), [
      '-XX:+IgnoreUnrecognizedVMOptions',
      `-XX:ArchiveClassesAtExit=${made}`,
    ])
    guardian.watch(broker.pid)
    try {
      await broker.ready(internal, 1)
      await broker.terminate()
    } finally {
      await broker.kill()
    }
    if (existsSync(made)) place(made, archive)
  } finally {
    rmSync(folder, { recursive: true, force: true })
    guardian.release()
  }
}

function inTemporaryFolder(work: (folder: string) => void): void {
  const folder = mkdtempSync(join(CACHE, 'make-'))
  try {
    work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
