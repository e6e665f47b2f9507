import type { RunFile } from '../../core/run-file/run-file.js'

/**
 * What page and server say to each other.
 *
 * - `GET /run`: what is watched, as `PageRun`
 * - `GET /events?window=WINDOW`: server-sent events of a live view: `view` with a `DashboardView`, at most five a second and
 *   at least one; `message` with a sentence as a JSON string. WINDOW: `cumulative`, or a number of seconds from 1 to 300.
 * - `GET /view?window=WINDOW&at=MS`: one `DashboardView`, of a recorded run as it stood at that moment, ms since 1970
 * - `GET /download/NAME?window=WINDOW&at=MS`: see `DOWNLOADS`; `at` for recorded runs only
 */
export interface PageRun {
  /** what is watched: `topic:data_clean` */
  readonly title: string
  readonly run: RunFile
  /** of a recorded run, from the first result's start to the last one's end, ms since 1970; else it is live */
  readonly recorded: { readonly startMs: number; readonly endMs: number } | null
}

/** Files to download: the sum of all results as one result, and what a view shows as a table. */
export const DOWNLOADS = ['results.ndjson', 'histograms.csv', 'rates.csv'] as const
