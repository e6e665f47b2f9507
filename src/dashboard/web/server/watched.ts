import type { Result } from '../../../core/results/result.js'
import type { DashboardView, ViewWindow } from '../../view.js'
import type { PageRun } from '../messages.js'
import type { LiveFeed } from './live-feed.js'

/** What a server shows: a live model, or a recorded run. */
export interface Watched {
  readonly page: PageRun
  /** undefined for a recorded run */
  readonly feed: LiveFeed | undefined
  /** as a recorded run stood at `atMs`, by default at its end; as a live one stands now */
  view(window: ViewWindow, atMs: number | undefined): DashboardView
  /** everything as one result; undefined before the first one */
  sum(): Result | undefined
}
