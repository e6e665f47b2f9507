import { spawn } from 'node:child_process'
import { CLEAN_TOPIC, ensureTopic } from '../../src/log/default-topics.js'
import type { Log } from '../../src/log/log.js'
import { FollowedTopic, type Message } from './followed-topic.js'
import { ProcessUsage, type Usage } from './process-usage.js'

export interface WatchOptions<Value> {
  log: Log
  command: readonly string[]
  env?: Record<string, string>
  /** topic of its results, which is made */
  resultsTo: string
  /** Resolves when all has been done, and the command gets Ctrl-C; without it the command ends by itself. */
  untilDone?(messages: readonly Message<Value>[]): Promise<void>
}

/** What a command did, from its start until all was done. */
export interface Watched<Value> {
  startedMs: number
  messages: readonly Message<Value>[]
  usage: readonly Usage[]
  stdout: string
}

/** Runs a command and looks on: what comes to its topic of results, and what it and all below it use. @throws where it fails, with what it said */
export async function watchCommand<Value>(options: WatchOptions<Value>): Promise<Watched<Value>> {
  const { log, command, env = {}, resultsTo, untilDone } = options
  await ensureTopic(log, resultsTo, { ...CLEAN_TOPIC, name: resultsTo })
  const topic = new FollowedTopic<Value>(log, resultsTo)
  const startedMs = Date.now()
  const child = spawn(command[0], command.slice(1), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const said = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (text: Buffer) => {
      said[name] += text
    })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const failed = (code: number | null) =>
    new Error(`${command.join(' ')} ended with ${code}: ${(said.stdout + said.stderr).slice(-5000)}`)
  const usage = new ProcessUsage(child.pid ?? 0)
  try {
    if (untilDone) {
      const early = ended.then((code) => Promise.reject(failed(code)))
      await Promise.race([untilDone(topic.messages), early])
    } else {
      const code = await ended
      if (code !== 0) throw failed(code)
    }
  } finally {
    usage.stop()
    child.kill('SIGINT')
    await ended
    await topic.close()
  }
  return { startedMs, messages: topic.messages, usage: usage.samples, stdout: said.stdout }
}
