import type { ServerResponse } from 'node:http'
import type { ViewWindow } from '../../view.js'
import { SECURITY_HEADERS } from './security-headers.js'

/** What a browser waits before it connects again, ms. */
const RETRY_MS = 1000

const HEADERS = {
  ...SECURITY_HEADERS,
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  // asks a proxy to pass events on as they come
  'x-accel-buffering': 'no',
}

/** One browser that follows a live view, at the other end of a stream of server-sent events. */
export class Viewer {
  /** since when what was sent last has not been taken, on the feed's clock */
  private waitingSince: number | undefined
  /** to be sent when the viewer has taken what was sent last */
  private message: string | undefined

  constructor(
    private readonly response: ServerResponse,
    readonly window: ViewWindow,
  ) {
    response.on('drain', () => this.taken())
    response.writeHead(200, HEADERS)
    response.write(`retry: ${RETRY_MS}\n\n`)
  }

  /** Whether what was sent last has been taken: no more than one view ever waits in memory. */
  get ready(): boolean {
    return this.waitingSince === undefined
  }

  /** How long the viewer has been taking what was sent last. */
  waitedMs(nowMs: number): number {
    return this.waitingSince === undefined ? 0 : nowMs - this.waitingSince
  }

  /** Sends a view, as `viewEvent` makes it; to a viewer that is ready. */
  sendView(event: Buffer, nowMs: number): void {
    if (!this.response.write(event)) this.waitingSince = nowMs
  }

  /** Sends a sentence, now or when the viewer is ready; the last one of several then. */
  sendMessage(sentence: string): void {
    const event = `event: message\ndata: ${JSON.stringify(sentence)}\n\n`
    if (this.ready) this.response.write(event)
    else this.message = event
  }

  onGone(gone: () => void): void {
    this.response.on('close', gone)
  }

  /** Cuts the connection. */
  cut(): void {
    this.response.destroy()
  }

  private taken(): void {
    this.waitingSince = undefined
    if (this.message !== undefined) this.response.write(this.message)
    this.message = undefined
  }
}

/** A view as the event that all viewers of its window are sent. */
export function viewEvent(view: object): Buffer {
  return Buffer.from(`event: view\ndata: ${JSON.stringify(view)}\n\n`)
}
