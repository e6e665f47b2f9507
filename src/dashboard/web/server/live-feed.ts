import type { DashboardView, ViewWindow } from '../../view.js'
import { type Viewer, viewEvent } from './viewer.js'

/** Views are sent at most this often, */
const ROUND_MS = 200
/** and at least this often, so that a page can tell that its server is there. */
const UNCHANGED_MS = 1000
/** Making views may take one part in five of the time, however many windows are looked at. */
const REST = 4
/** A viewer that has not taken a view for so long is gone, or as good as gone. */
const STUCK_MS = 15_000

export const MOST_VIEWERS = 100

/** Sends views to everybody who looks, and makes none while nobody does. */
export class LiveFeed {
  private readonly viewers = new Set<Viewer>()
  /** views of this round, by window */
  private readonly events = new Map<ViewWindow, Buffer>()
  private timer: NodeJS.Timeout | undefined
  private hasChanged = false
  private lastRoundMs = Number.NEGATIVE_INFINITY

  /**
   * @param view makes the view of a window as it is now
   * @param now ms on a clock that nobody sets
   */
  constructor(
    private readonly view: (window: ViewWindow) => DashboardView,
    private readonly now: () => number,
  ) {}

  get isFull(): boolean {
    return this.viewers.size >= MOST_VIEWERS
  }

  /** Views are others from now on. */
  changed(): void {
    this.hasChanged = true
  }

  /** Tells all viewers something they should know. */
  tell(sentence: string): void {
    for (const viewer of this.viewers) viewer.sendMessage(sentence)
  }

  /** Sends a whole view at once, and then whenever there is a new one, until the viewer goes. */
  add(viewer: Viewer): void {
    viewer.onGone(() => this.viewers.delete(viewer))
    if (this.viewers.size === 0) this.beginRound()
    this.viewers.add(viewer)
    this.sendView(viewer)
    this.timer ??= setTimeout(this.round, ROUND_MS)
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
    this.beginRound()
    for (const viewer of this.viewers) {
      if (viewer.ready) this.sendView(viewer)
      else if (viewer.waitedMs(this.lastRoundMs) > STUCK_MS) viewer.cut()
    }
  }

  private beginRound(): void {
    this.events.clear()
    this.hasChanged = false
    this.lastRoundMs = this.now()
  }

  private sendView(viewer: Viewer): void {
    const event = this.events.get(viewer.window) ?? viewEvent(this.view(viewer.window))
    this.events.set(viewer.window, event)
    viewer.sendView(event, this.lastRoundMs)
  }
}
