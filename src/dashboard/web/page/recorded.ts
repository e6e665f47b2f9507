import type { DashboardView, ViewWindow } from '../../view.js'
import { parseView } from './parse-view.js'

/** While it plays, the next moment is asked for after this long at the earliest. */
const STEP_MS = 200

export interface RecordedListener {
  onView(view: DashboardView): void
  onFailure(text: string): void
  /** where it stands, ms since 1970, and whether it goes on by itself */
  onMoved(atMs: number, playing: boolean): void
}

/** A recorded run: it is asked for as it stood at one moment, and plays from there. One request at a time; moves in between are made good after it. */
export class RecordedRun {
  private at: number
  private asked = false
  private busy = false
  private playing: { timer: ReturnType<typeof setInterval> } | undefined

  constructor(
    private readonly span: { readonly startMs: number; readonly endMs: number },
    private window: ViewWindow,
    private readonly listener: RecordedListener,
  ) {
    this.at = span.endMs
  }

  setWindow(window: ViewWindow): void {
    if (window === this.window) return
    this.window = window
    void this.ask()
  }

  moveTo(atMs: number): void {
    this.at = Math.min(Math.max(atMs, this.span.startMs), this.span.endMs)
    this.listener.onMoved(this.at, this.playing !== undefined)
    void this.ask()
  }

  /** Goes on at so many times the speed at which it was recorded; from the start where it stands at the end. */
  play(speed: number): void {
    this.pause()
    if (this.at >= this.span.endMs) this.at = this.span.startMs
    const timer = setInterval(() => this.step(speed), STEP_MS)
    this.playing = { timer }
    this.listener.onMoved(this.at, true)
  }

  pause(): void {
    clearInterval(this.playing?.timer)
    this.playing = undefined
    this.listener.onMoved(this.at, false)
  }

  private step(speed: number): void {
    if (document.hidden || this.busy) return
    this.moveTo(this.at + speed * STEP_MS)
    if (this.at >= this.span.endMs) this.pause()
  }

  private async ask(): Promise<void> {
    this.asked = true
    if (this.busy) return
    this.busy = true
    try {
      while (this.asked) {
        this.asked = false
        this.listener.onView(await fetchView(this.window, this.at))
      }
    } catch (error) {
      this.listener.onFailure(`the server does not answer: ${(error as Error).message}`)
    } finally {
      this.busy = false
    }
  }
}

async function fetchView(window: ViewWindow, at: number): Promise<DashboardView> {
  const response = await fetch(`/view?window=${window}&at=${at}`)
  if (!response.ok) throw new Error(`it says ${response.status} ${response.statusText}`)
  return parseView(await response.text())
}
