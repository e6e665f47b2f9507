import type { RunFile } from '../core/run-file/run-file.js'
import type { DashboardModel } from '../dashboard/model.js'
import { openTerminalDashboard } from '../dashboard/terminal/dashboard.js'
import { EXIT_OF } from '../dashboard/terminal/ending.js'
import { feedModel } from './feed-model.js'
import type { WatchFace } from './watch.js'

export interface DrawOptions {
  /** what is watched */
  title: string
  run: RunFile
  /** is fed with what is watched */
  model: DashboardModel
  /** feeds the face until the signal aborts, or there is nothing more */
  watch(face: WatchFace, signal: AbortSignal): Promise<void>
  /** close when `watch` is through, instead of leaving the last state on the screen */
  closeAtEnd?: boolean
}

/** Shows what is watched on the terminal until a key or a signal ends it; gives the exit code. */
export async function drawWatched({ title, run, model, watch, closeAtEnd = false }: DrawOptions): Promise<number> {
  const dashboard = await openTerminalDashboard({ title, run, model, now: () => Date.now() })
  const stop = new AbortController()
  const face = feedModel(model, dashboard, () => Date.now())
  let failure: unknown
  const watching = watch(face, stop.signal).then(
    () => {
      if (closeAtEnd) dashboard.close()
    },
    (error: unknown) => {
      failure = error
      dashboard.close()
    },
  )
  const reason = await dashboard.closed
  stop.abort()
  await watching
  if (failure) throw failure
  return EXIT_OF[reason]
}
