import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import type { Actor } from '../support/kafka-cli.js'
import { Stage } from '../support/stage.js'

const RATE = '4000/s'
const LONGEST_REST_MS = 4000
const LONGEST_STOP_MS = 9000
const MOST_PROCESSES = 3
const BROKER = 1

export const everything: Fault = {
  name: 'everything',
  what: 'workers and replay killed, workers stopped, started and ended, the broker restarted, as chance has it',
  times: { short: 4, long: 40 },
  run: ({ times, seed }) =>
    Stage.on({ name: 'everything', seed }, async (stage) => {
      const show = new Show(stage)
      const done: Record<string, number> = {}
      for (let i = 0; i < times; i++) {
        await sleep(500 + stage.random() * LONGEST_REST_MS)
        const [name, act] = show.acts[Math.floor(stage.random() * show.acts.length)]
        await act()
        done[name] = (done[name] ?? 0) + 1
      }
      await show.end()
      return stage.reportWithRaw(done)
    }),
}

/** Who is at work, and what may happen to them. */
class Show {
  readonly acts: [name: string, act: () => Promise<void>][] = [
    ['workers killed', () => this.killWorker()],
    ['workers stopped', () => this.stopWorker()],
    ['workers started or ended', () => this.growOrShrink()],
    ['replays killed', () => this.killReplay()],
    ['brokers ended', () => this.restart('terminate')],
    ['brokers killed', () => this.restart('kill')],
  ]
  private readonly workers: Actor[]
  private replay: Actor

  constructor(private readonly stage: Stage) {
    this.workers = [stage.process(), stage.process()]
    this.replay = this.startReplay()
  }

  /** Sends and reads what is left. */
  async end(): Promise<void> {
    const { stage } = this
    await this.replay.kill()
    await stage.endRows()
    for (const worker of this.workers) await worker.interrupt()
  }

  private startReplay(): Actor {
    return this.stage.replay('--rate', RATE, '--resume')
  }

  private pick(): number {
    return Math.floor(this.stage.random() * this.workers.length)
  }

  private async killWorker(): Promise<void> {
    const index = this.pick()
    await this.workers[index].kill()
    this.workers[index] = this.stage.process()
  }

  private async stopWorker(): Promise<void> {
    const worker = this.workers[this.pick()]
    worker.freeze()
    await sleep(this.stage.random() * LONGEST_STOP_MS)
    worker.wake()
  }

  private async growOrShrink(): Promise<void> {
    if (this.workers.length < MOST_PROCESSES) this.workers.push(this.stage.process())
    else await this.workers.splice(this.pick(), 1)[0].interrupt()
  }

  private async killReplay(): Promise<void> {
    await this.replay.kill()
    this.replay = this.startReplay()
  }

  private async restart(how: 'terminate' | 'kill'): Promise<void> {
    const { kafka } = this.stage
    await kafka[how](BROKER)
    await kafka.restart(BROKER)
  }
}
