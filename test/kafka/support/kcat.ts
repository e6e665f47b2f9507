import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'

/** Why a test that needs kcat cannot run. */
export const KCAT_MISSING = 'kcat is missing: apt-get install kcat, or brew install kcat'

/** Where to and how: a bootstrap list, or the properties file (librdkafka's spelling) that has it. */
export type Reach = { bootstrap: string } | { properties: string }

export interface KcatProduce {
  topic: string
  /** Lines, one a message; a last one without an end counts too. */
  from: { text: string } | { file: string }
  /** What parts a line's key from its value; without it, there are no keys. */
  keyDelimiter?: string
  codec?: 'gzip' | 'snappy' | 'lz4' | 'zstd'
  partition?: number
}

export interface KcatConsume {
  topic: string
  partition: number
  isolation?: 'read_committed' | 'read_uncommitted'
}

/** Whether kcat is there; where it is not and we may, it is installed. */
export function haveKcat(): boolean {
  if (runs('kcat', '-V')) return true
  if (process.getuid?.() !== 0) return false
  // another file may be installing it just now
  const patient = ['-o', 'DPkg::Lock::Timeout=120']
  return runs('apt-get', ...patient, 'install', '-y', '-q', 'kcat') && runs('kcat', '-V')
}

/** Sends lines by kcat; rejects with its own words. */
export async function kcatProduce(reach: Reach, options: KcatProduce): Promise<void> {
  const { topic, from, keyDelimiter, codec, partition } = options
  const args = ['-P', '-t', topic]
  if (keyDelimiter !== undefined) args.push('-K', keyDelimiter)
  if (codec !== undefined) args.push('-z', codec)
  if (partition !== undefined) args.push('-p', `${partition}`)
  await kcat(reach, args, 'file' in from ? createReadStream(from.file) : [from.text])
}

/** Reads a partition from its start to its present end; the values of its messages, line by line. */
export async function kcatConsume(reach: Reach, options: KcatConsume): Promise<string[]> {
  const { topic, partition, isolation = 'read_committed' } = options
  const range = ['-p', `${partition}`, '-o', 'beginning', '-e', '-q']
  const text = await kcat(reach, ['-C', '-t', topic, ...range, '-X', `isolation.level=${isolation}`], [])
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

async function kcat(reach: Reach, args: string[], input: AsyncIterable<unknown> | Iterable<unknown>): Promise<string> {
  const by = 'bootstrap' in reach ? ['-b', reach.bootstrap] : ['-F', reach.properties]
  const child = spawn('kcat', [...by, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
  const said: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] }
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (chunk: Buffer) => said[name].push(chunk))
  // A kcat that ends before it has read all says why on stderr; that its input broke off adds nothing.
  const [[code, signal]] = await Promise.all([
    once(child, 'close'),
    pipeline(input, child.stdin).catch(() => undefined),
  ])
  if (code !== 0) throw new Error(`kcat ${args.join(' ')} ended with ${signal ?? code}: ${Buffer.concat(said.stderr)}`)
  return Buffer.concat(said.stdout).toString()
}

function runs(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0
}
