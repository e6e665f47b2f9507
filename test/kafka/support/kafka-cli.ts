import type { ChildProcess } from 'node:child_process'
import { Cli, type Ended } from '../../support/built-cli.js'

/** The built command line, whose topics are those of brokers. */
export function kafkaCli(bootstrap: string): Cli {
  return new Cli({ DTSTREAM_LOG: '', KAFKA_BOOTSTRAP_SERVER: bootstrap })
}

/** A command at work, to which things happen. */
export class Actor {
  readonly ended: Promise<Ended>
  private readonly child: ChildProcess
  private stderr = ''

  /** @param onStdout gets what it prints, as it comes */
  constructor(
    cli: Cli,
    readonly args: readonly string[],
    onStdout?: (text: string) => void,
  ) {
    const { child, ended } = cli.start(...args)
    this.child = child
    this.ended = ended
    if (onStdout) child.stdout?.on('data', onStdout)
    child.stderr?.on('data', (text: string) => {
      this.stderr += text
    })
  }

  /** What it has said on standard error so far. */
  get said(): string {
    return this.stderr
  }

  /** The process id; -1 if it could not even be started. */
  get pid(): number {
    return this.child.pid ?? -1
  }

  get isRunning(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null
  }

  /** kill -9. @throws Error where it had ended before by itself, with its words */
  async kill(): Promise<void> {
    this.mustRun()
    this.child.kill('SIGKILL')
    await this.ended
  }

  /** The whole process stands still, with all its connections, until `wake`. */
  freeze(): void {
    this.mustRun()
    this.child.kill('SIGSTOP')
  }

  wake(): void {
    this.child.kill('SIGCONT')
  }

  /** Ctrl-C. @throws Error where it does not end as it should then */
  async interrupt(): Promise<void> {
    this.mustRun()
    this.child.kill('SIGINT')
    const { code } = await this.ended
    if (code !== 130) throw this.failure(`ended with ${code} after Ctrl-C`)
  }

  /** Until it ends by itself. @throws Error where it fails */
  async succeed(): Promise<Ended> {
    const ended = await this.ended
    if (ended.code !== 0) throw this.failure(`ended with ${ended.signal ?? ended.code}`)
    return ended
  }

  private mustRun(): void {
    if (!this.isRunning) throw this.failure('had ended by itself')
  }

  private failure(what: string): Error {
    return new Error(`dtstream ${this.args.join(' ')} ${what}:\n${this.stderr}`)
  }
}
