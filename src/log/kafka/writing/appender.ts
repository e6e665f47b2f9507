import { createHash, randomUUID } from 'node:crypto'
import { ExpectedError } from '../../../errors.js'
import type { OutgoingBatch, Progress } from '../../log.js'
import { fromProgressMetadata, type SavedProgress, toProgressMetadata } from './progress-metadata.js'
import type { TransactionProducer } from './transaction-producer.js'

/** Where an appender writes, and what it finds written. */
export interface AppenderParts {
  /** a producer of this group and transactional id, for appends to a topic; whoever had it is shut out */
  producer(id: string, topic: string | undefined): Promise<Pick<TransactionProducer, 'run'>>
  /** offsets that a group has committed on any topic */
  committed(group: string): Promise<{ topic: string; metadata: string | null }[]>
  /** does something again and again, as long as waiting may help */
  patiently<T>(what: string, work: () => Promise<T>): Promise<T>
}

/** Progress lies with an offset of this partition. */
const PARTITION = 0

/**
 * Appends in transactions that also hold how far the source was read. Each has a number, so that after an error it is
 * clear whether the last one counts: it is then sent again, or not.
 */
export class Appender {
  private readonly own = `dtstream-${randomUUID()}`
  private readonly lines = new Map<string, ProgressLine>()
  private last: Promise<unknown> = Promise.resolve()

  constructor(private readonly parts: AppenderParts) {}

  /** In the order in which it is asked for. */
  append(topic: string, batches: readonly OutgoingBatch[], progress?: Progress): Promise<void> {
    const line = this.line(progress?.key ?? this.own)
    const turn = this.last.then(() => line.append(topic, batches, progress?.value))
    this.last = turn.catch(() => undefined)
    return turn
  }

  async progress(key: string, topic: string | undefined): Promise<unknown> {
    return this.line(key).read(topic)
  }

  async close(): Promise<void> {
    await this.last
  }

  private line(key: string): ProgressLine {
    const line = this.lines.get(key) ?? new ProgressLine(this.parts, groupOf(key))
    this.lines.set(key, line)
    return line
  }
}

/** Group and transactional id of a source's progress. */
function groupOf(key: string): string {
  return `dtstream-replay-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`
}

/** The appends of one source, one after the other. */
class ProgressLine {
  private readonly id = randomUUID()
  private producer: Pick<TransactionProducer, 'run'> | undefined
  /** what was written last, as far as we know */
  private saved: SavedProgress | undefined
  private isKnown = false

  constructor(
    private readonly parts: AppenderParts,
    private readonly group: string,
  ) {}

  /** A transaction of whoever appended before may still be about to count: it is ended first. */
  async read(topic: string | undefined): Promise<unknown> {
    this.isKnown = false
    await this.parts.patiently('read how far the replay came', () => this.open(topic, undefined))
    return this.saved?.value
  }

  async append(topic: string, batches: readonly OutgoingBatch[], value: unknown): Promise<void> {
    let tried: SavedProgress | undefined
    await this.parts.patiently(`write to ${topic}`, async () => {
      const producer = this.producer ?? (await this.open(topic, tried))
      // the transaction before the error counts after all
      if (tried && this.saved?.number === tried.number) return
      tried = { number: (this.saved?.number ?? 0) + 1, by: this.id, value }
      await this.send(producer, topic, batches, tried)
    })
  }

  private async send(
    producer: Pick<TransactionProducer, 'run'>,
    topic: string,
    batches: readonly OutgoingBatch[],
    next: SavedProgress,
  ): Promise<void> {
    const position = { partition: PARTITION, offset: next.number, metadata: toProgressMetadata(next) }
    try {
      await producer.run({ messages: { topic, batches }, offsets: { group: this.group, topic, positions: [position] } })
      this.saved = next
    } catch (error) {
      this.producer = undefined
      throw error
    }
  }

  /** @param tried what may have been written or not */
  private async open(
    topic: string | undefined,
    tried: SavedProgress | undefined,
  ): Promise<Pick<TransactionProducer, 'run'>> {
    const producer = await this.parts.producer(this.group, topic)
    // read only now, when nobody else can change it
    const found = await this.readSaved()
    const isExpected = !this.isKnown || [this.saved, tried].some((one) => isSame(one, found))
    if (!isExpected) throw anotherReplay()
    this.saved = found
    this.isKnown = true
    this.producer = producer
    return producer
  }

  /** The last one: others may lie with a topic that was made anew. */
  private async readSaved(): Promise<SavedProgress | undefined> {
    const committed = await this.parts.committed(this.group)
    const saved = committed.flatMap(({ metadata }) => fromProgressMetadata(metadata) ?? [])
    return saved.sort((a, b) => b.number - a.number)[0]
  }
}

function isSame(a: SavedProgress | undefined, b: SavedProgress | undefined): boolean {
  return a?.number === b?.number && a?.by === b?.by
}

function anotherReplay(): ExpectedError {
  return new ExpectedError('another replay of the same sources into the same topic goes on meanwhile', [
    'stop one of them; --resume goes on where the other stopped',
  ])
}
