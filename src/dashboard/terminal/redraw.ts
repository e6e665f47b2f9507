/** Draws when asked, at most so many times a second, and the last request is never forgotten. */
export class Redraw {
  private timer: NodeJS.Timeout | undefined
  private lastMs = Number.NEGATIVE_INFINITY

  constructor(
    private readonly draw: () => void,
    private readonly perSecond: number,
  ) {}

  /** Draws now, or as soon as the next frame is due. */
  request(): void {
    if (this.timer) return
    const wait = this.lastMs + 1000 / this.perSecond - performance.now()
    if (wait <= 0) this.now()
    else this.timer = setTimeout(() => this.now(), wait)
  }

  /** Draws at once: what a key does should be seen at once. */
  now(): void {
    this.stop()
    this.lastMs = performance.now()
    this.draw()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
