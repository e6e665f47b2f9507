import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** A message as an independent client sees it. */
export interface Followed {
  offset: number
  value: string
}

/** Reads what is committed of a partition, from its start on and as it comes, by kcat; brokers may come and go. */
export class KcatFollow {
  private readonly child: ChildProcess
  private readonly ended: Promise<unknown>
  private said = ''

  constructor(
    bootstrap: string,
    topic: string,
    partition: number,
    onMessage: (message: Followed) => void,
    command: string[] = [],
    further: readonly string[] = [],
  ) {
    const settings = [
      ...further,
      'isolation.level=read_committed',
      'auto.offset.reset=error',
      'reconnect.backoff.max.ms=500',
      'socket.timeout.ms=4000',
    ]
    // -E: brokers that are away for a while are no reason to end
    const args = ['-C', '-E', '-u', '-q', '-b', bootstrap, '-t', topic, '-p', `${partition}`, '-o', 'beginning']
    const [program, ...before] = [...command, 'kcat']
    const child = spawn(program, [...before, ...args, '-f', '%o %s\\n', ...settings.flatMap((one) => ['-X', one])], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    child.stderr.on('data', (text: Buffer) => {
      this.said += text
    })
    const lines = createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })
    lines.on('line', (line) => {
      const space = line.indexOf(' ')
      onMessage({ offset: Number(line.slice(0, space)), value: line.slice(space + 1) })
    })
    this.child = child
    this.ended = once(child, 'close')
  }

  /** @throws Error where it has ended by itself, with its words */
  check(): void {
    const { exitCode, signalCode } = this.child
    if (exitCode !== null || signalCode !== null)
      throw new Error(`kcat ended with ${signalCode ?? exitCode}: ${this.said}`)
  }

  async close(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.ended
  }
}
