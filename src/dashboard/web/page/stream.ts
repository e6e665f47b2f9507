import type { DashboardView, ViewWindow } from '../../view.js'
import { parseView } from './parse-view.js'

/** A page that nobody sees lets go of the server after this long. */
const HIDDEN_MS = 15_000
/** The server says something every second; where it has said nothing for this long, the connection is dead. */
const SILENT_MS = 10_000
/** Waits before the next attempt where the browser has given up; the last one is kept to. */
const RETRY_MS = [500, 1000, 2000, 5000]

export interface StreamListener {
  onView(view: DashboardView): void
  onMessage(text: string): void
  onConnected(connected: boolean): void
}

/**
 * The server's views, as long as somebody looks. A server that went is asked again until it answers: by the browser itself, and
 * by this where the browser takes an answer for final.
 */
export class ViewStream {
  private source: EventSource | undefined
  private retry: ReturnType<typeof setTimeout> | undefined
  private release: ReturnType<typeof setTimeout> | undefined
  private silence: ReturnType<typeof setTimeout> | undefined
  private failures = 0

  constructor(
    private window: ViewWindow,
    private readonly listener: StreamListener,
  ) {
    document.addEventListener('visibilitychange', () => this.followVisibility())
    this.open()
  }

  setWindow(window: ViewWindow): void {
    if (window === this.window) return
    this.window = window
    this.open()
  }

  private open(): void {
    this.close()
    const source = new EventSource(`/events?window=${this.window}`)
    this.source = source
    this.expectSound()
    source.addEventListener('open', () => {
      this.failures = 0
      this.listener.onConnected(true)
    })
    source.addEventListener('view', ({ data }) => {
      this.expectSound()
      this.listener.onView(parseView(data))
    })
    source.addEventListener('message', ({ data }) => this.listener.onMessage(JSON.parse(data)))
    source.addEventListener('error', () => {
      this.listener.onConnected(false)
      if (source.readyState === EventSource.CLOSED) this.openLater()
    })
  }

  private openLater(): void {
    clearTimeout(this.retry)
    const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]
    this.retry = setTimeout(() => this.open(), wait)
  }

  private expectSound(): void {
    clearTimeout(this.silence)
    this.silence = setTimeout(() => {
      this.listener.onConnected(false)
      this.open()
    }, SILENT_MS)
  }

  private close(): void {
    clearTimeout(this.retry)
    clearTimeout(this.silence)
    this.source?.close()
    this.source = undefined
  }

  private followVisibility(): void {
    clearTimeout(this.release)
    if (document.hidden) this.release = setTimeout(() => this.close(), HIDDEN_MS)
    else if (!this.source) this.open()
  }
}
