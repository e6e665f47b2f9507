import { BroadcastChannel, setEnvironmentData } from 'node:worker_threads'
import type { Writer } from './operations.js'
import { channelName, failureOf, type ThreadMessage, WRITTEN_FOLDERS } from './thread-messages.js'

/**
 * Writes for the worker threads of this process. A thread can be ended at any moment (`terminate`, `process.exit`, no
 * memory left); in the midst of a transaction of its own it would keep the lock of the store, and with it every process.
 * The main thread can't be ended so.
 */
class WriteService {
  private readonly channel: BroadcastChannel
  /** of all logs that the main thread has open on this folder; the first one does the work */
  readonly writers = new Set<Writer>()

  constructor(folder: string) {
    this.channel = new BroadcastChannel(channelName(folder))
    this.channel.onmessage = ({ data }: { data: unknown }) => this.receive(data as ThreadMessage)
    this.channel.unref()
  }

  close(): void {
    this.say({ type: 'closed' })
    this.channel.close()
  }

  private receive(message: ThreadMessage): void {
    if (message.type === 'hello') this.say({ type: 'welcome', thread: message.thread })
    if (message.type !== 'run') return
    const { thread, id, name, input } = message
    const [writer] = this.writers
    writer.run(name, input).then(
      (output) => this.say({ type: 'done', thread, id, output }),
      (error: unknown) => this.say({ type: 'failed', thread, id, failure: failureOf(error) }),
    )
  }

  private say(message: ThreadMessage): void {
    this.channel.postMessage(message)
  }
}

const services = new Map<string, WriteService>()

/** Lets the main thread's writer write for worker threads too, until the returned function is called. */
export function serveWrites(folder: string, writer: Writer): () => void {
  const service = services.get(folder) ?? new WriteService(folder)
  services.set(folder, service)
  service.writers.add(writer)
  setEnvironmentData(WRITTEN_FOLDERS, [...services.keys()])
  return () => {
    service.writers.delete(writer)
    if (service.writers.size > 0) return
    service.close()
    services.delete(folder)
    setEnvironmentData(WRITTEN_FOLDERS, [...services.keys()])
  }
}
