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
  /** since when what was sent last has not been taken */
  private waitingSince: number | undefined

  constructor(
    private readonly response: ServerResponse,
    readonly window: ViewWindow,
  ) {
    response.on('drain', () => {
      this.waitingSince = undefined
    })
    response.writeHead(200, HEADERS)
    response.write(`retry: ${RETRY_MS}\n\n`)
  }

  /** Whether what was sent last has been taken: no more than one view ever waits in memory. */
  get ready(): boolean {
    return this.waitingSince === undefined
  }

  /** Sends an event, unless the viewer is not ready: a view that is left out is made up for by the next one. */
  send(event: 'view' | 'message', json: string, nowMs: number): void {
    if (this.ready && !this.response.write(`event: ${event}\ndata: ${json}\n\n`)) this.waitingSince = nowMs
  }

  /** How long the viewer has been taking what was sent last. */
  waitedMs(nowMs: number): number {
    return this.waitingSince === undefined ? 0 : nowMs - this.waitingSince
  }

  onGone(gone: () => void): void {
    this.response.on('close', gone)
  }

  /** Cuts the connection. */
  cut(): void {
    this.response.destroy()
  }
}
