import type { Socket } from 'node:net'
import { AnswerCount } from './answer-count.js'
import { answerLimitMs, CONNECT_LIMIT_MS } from './answer-limits.js'
import type { BrokerPlace } from './broker-place.js'

const CHECK_EVERY_MS = 250
/** Larger requests are written in pieces, so that it is seen how they go. */
const PIECE_BYTES = 64 * 1024

type Write = (data: Uint8Array | string, encoding?: BufferEncoding, done?: () => void) => boolean

/** A socket that tells its broker's place when an answer is overdue. */
export class GuardedSocket {
  /** when something came last, or the connection was begun */
  heardAt: number
  /** since when nothing has happened that should have */
  private since: number
  private readonly answers = new AnswerCount()
  /** how long each answer that is owed may take; the first is the connection itself */
  private readonly owed = [CONNECT_LIMIT_MS]
  private readonly write: Write

  constructor(
    private readonly socket: Socket,
    private readonly place: BrokerPlace,
    private readonly now: () => number,
  ) {
    this.heardAt = this.since = now()
    this.write = socket.write.bind(socket) as Write
    socket.write = ((data: Uint8Array) => this.send(data)) as Socket['write']
    socket.on('data', (data: Buffer) => this.receive(data))
    const timer = setInterval(() => this.check(), CHECK_EVERY_MS).unref()
    place.join(this)
    socket.once('close', () => {
      clearInterval(timer)
      place.leave(this)
    })
  }

  connected(): void {
    this.owed.shift()
    this.heardAt = this.since = this.now()
  }

  end(error: Error): void {
    this.socket.destroy(error)
  }

  /** kafkajs writes each request in one call, with nothing to be called back. */
  private send(data: Uint8Array): boolean {
    if (this.socket.destroyed) return this.refuse()
    if (this.owed.length === 0) this.since = this.now()
    this.owed.push(answerLimitMs(data))
    let isTaken = true
    for (let at = 0; at < data.length; at += PIECE_BYTES)
      isTaken = this.write(data.subarray(at, at + PIECE_BYTES), undefined, () => this.goesOn())
    return isTaken
  }

  /** kafkajs may still take the connection for one that lives, and would wait for the answer for ever. */
  private refuse(): boolean {
    process.nextTick(() => this.socket.emit('error', new Error(`the connection to ${this.place.name} has ended`)))
    return false
  }

  private receive(data: Uint8Array): void {
    this.owed.splice(0, this.answers.add(data))
    this.heardAt = this.now()
    this.goesOn()
    this.place.heard()
  }

  private goesOn(): void {
    this.since = this.now()
  }

  private get isOverdue(): boolean {
    return this.owed.length > 0 && this.now() - this.since > this.owed[0]
  }

  private check(): void {
    if (!this.isOverdue) return
    const [limitMs] = this.owed
    // an answer may lie ready: this process may have stood still itself
    setImmediate(() => {
      if (!this.isOverdue || this.socket.destroyed) return
      this.place.silent(this.since, new Error(`no answer from ${this.place.name} for ${limitMs / 1000} s`))
    })
  }
}
