import { type Log, MESSAGE_KIND, type MessageBatch } from '../../src/log/log.js'

/** A message of a results topic. */
export interface Message<Value> {
  value: Value
  /** when it came here, ms since 1970 */
  seenMs: number
}

const WAIT_MS = 100

/** Reads the one partition of a results topic as messages come, until it is closed. */
export class FollowedTopic<Value> {
  readonly messages: Message<Value>[] = []
  private open = true
  private readonly reading: Promise<void>

  /** @param topic one that is there */
  constructor(log: Log, topic: string) {
    this.reading = this.read(log, topic)
    // told by close()
    this.reading.catch(() => undefined)
  }

  /** @throws Error where it could not be read on */
  async close(): Promise<void> {
    this.open = false
    await this.reading
  }

  private async read(log: Log, topic: string): Promise<void> {
    const reader = await log.reader(topic, 0, 0)
    try {
      while (this.open) {
        const batch = await reader.next(WAIT_MS)
        if (batch) this.take(batch)
      }
    } finally {
      await reader.close()
    }
  }

  private take({ bytes, start, end, kind, count }: MessageBatch): void {
    const seenMs = Date.now()
    for (let i = 0; i < count; i++) {
      if (kind[i] !== MESSAGE_KIND.text) continue
      const text = Buffer.from(bytes.subarray(start[i], end[i])).toString()
      this.messages.push({ value: JSON.parse(text) as Value, seenMs })
    }
  }
}
