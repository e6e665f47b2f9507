import type { DashboardModel } from '../../model.js'
import type { ViewWindow } from '../../view.js'
import type { Viewer } from './viewer.js'

/** Views are sent at most this often, */
const ROUND_MS = 200
/** and at least this often, so that a page can tell that its server is there. */
const UNCHANGED_MS = 1000
/** Making views may take one part in five of the time, however many windows are looked at. */
const REST = 4
/** A viewer that has not taken a view for so long is gone, or as good as gone. */
const STUCK_MS = 15_000

export const MOST_VIEWERS = 100

/** Sends what a model knows to everybody who looks, and asks nothing of it while nobody does. */
export class LiveFeed {
  private readonly viewers = new Set<Viewer>()
  /** views of this round, by window, as JSON */
  private readonly views = new Map<ViewWindow, string>()
  private timer: NodeJS.Timeout | undefined
  private hasChanged = false
  private lastRoundMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly model: Pick<DashboardModel, 'view'>,
    /** ms since 1970 */
    private readonly now: () => number,
  ) {}

  get isFull(): boolean {
    return this.viewers.size >= MOST_VIEWERS
  }

  /** The model knows something new. */
  changed(): void {
    this.hasChanged = true
  }

  /** Tells all viewers something they should know. */
  tell(sentence: string): void {
    for (const viewer of this.viewers) viewer.send('message', JSON.stringify(sentence), this.now())
  }

  /** Sends a whole view at once, and then whenever there is a new one, until the viewer goes. */
  add(viewer: Viewer): void {
    viewer.onGone(() => this.viewers.delete(viewer))
    if (this.viewers.size === 0) this.startRound()
    this.viewers.add(viewer)
    this.sendView(viewer)
    this.timer ??= setTimeout(this.round, ROUND_MS)
  }

  /** Cuts all connections. */
  close(): void {
    clearTimeout(this.timer)
    for (const viewer of this.viewers) viewer.cut()
  }

  private readonly round = (): void => {
    this.timer = undefined
    if (this.viewers.size === 0) return
    const before = performance.now()
    if (this.hasChanged || this.now() - this.lastRoundMs >= UNCHANGED_MS) this.sendViews()
    const tookMs = performance.now() - before
    this.timer = setTimeout(this.round, Math.max(ROUND_MS, REST * tookMs))
  }

  private sendViews(): void {
    this.startRound()
    for (const viewer of this.viewers) {
      if (viewer.ready) this.sendView(viewer)
      else if (viewer.waitedMs(this.lastRoundMs) > STUCK_MS) viewer.cut()
    }
  }

  private startRound(): void {
    this.views.clear()
    this.hasChanged = false
    this.lastRoundMs = this.now()
  }

  private sendView(viewer: Viewer): void {
    const json = this.views.get(viewer.window) ?? JSON.stringify(this.model.view(this.now(), viewer))
    this.views.set(viewer.window, json)
    viewer.send('view', json, this.lastRoundMs)
  }
}
