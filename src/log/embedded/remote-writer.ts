import { randomUUID } from 'node:crypto'
import { BroadcastChannel, getEnvironmentData, isMainThread } from 'node:worker_threads'
import type { InputOf, OperationName, OutputOf, Writer } from './operations.js'
import { channelName, errorOf, type ThreadMessage, WRITTEN_FOLDERS } from './thread-messages.js'

/** A main thread that has not answered by then has closed the log. */
const WELCOME_MS = 5000

interface Pending {
  resolve(output: OutputOf<OperationName>): void
  reject(error: Error): void
}

/** Has the main thread write. */
export class RemoteWriter implements Writer {
  private readonly channel: BroadcastChannel
  private readonly folder: string
  private readonly thread = randomUUID()
  private readonly pending = new Map<number, Pending>()
  private nextId = 0
  private closed = false
  private idle: (() => void) | undefined
  private welcome: (() => void) | undefined

  /** undefined where this is the main thread, or the main thread does not have the log open. */
  static async connect(folder: string): Promise<RemoteWriter | undefined> {
    const folders = getEnvironmentData(WRITTEN_FOLDERS)
    if (isMainThread || !Array.isArray(folders) || !folders.includes(folder)) return undefined
    const writer = new RemoteWriter(folder)
    if (await writer.isWelcome()) return writer
    writer.channel.close()
    return undefined
  }

  private constructor(folder: string) {
    this.folder = folder
    this.channel = new BroadcastChannel(channelName(folder))
    this.channel.onmessage = ({ data }: { data: unknown }) => this.receive(data as ThreadMessage)
    this.channel.unref()
  }

  run<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
    return new Promise((resolve, reject) => {
      if (this.closed) throw new Error(`the main thread has closed the log in ${this.folder}`)
      const id = this.nextId++
      this.channel.postMessage({ type: 'run', thread: this.thread, id, name, input } satisfies ThreadMessage)
      this.pending.set(id, { resolve: (output) => resolve(output as OutputOf<Name>), reject })
      this.channel.ref()
    })
  }

  async close(): Promise<void> {
    if (this.pending.size > 0) {
      await new Promise<void>((resolve) => {
        this.idle = resolve
      })
    }
    this.closed = true
    this.channel.close()
  }

  private isWelcome(): Promise<boolean> {
    return new Promise((resolve) => {
      const timeout = setTimeout(() => resolve(false), WELCOME_MS)
      this.welcome = () => {
        clearTimeout(timeout)
        resolve(true)
      }
      this.channel.postMessage({ type: 'hello', thread: this.thread } satisfies ThreadMessage)
    })
  }

  private receive(message: ThreadMessage): void {
    if (message.type === 'closed') this.giveUp()
    else if (message.thread !== this.thread) return
    else if (message.type === 'welcome') this.welcome?.()
    else if (message.type === 'done') this.settle(message.id)?.resolve(message.output)
    else if (message.type === 'failed') this.settle(message.id)?.reject(errorOf(message.failure))
  }

  private settle(id: number): Pending | undefined {
    const pending = this.pending.get(id)
    this.pending.delete(id)
    if (this.pending.size === 0) {
      this.channel.unref()
      this.idle?.()
    }
    return pending
  }

  private giveUp(): void {
    this.closed = true
    const error = new Error(`the main thread has closed the log in ${this.folder}`)
    for (const id of [...this.pending.keys()]) this.settle(id)?.reject(error)
  }
}
