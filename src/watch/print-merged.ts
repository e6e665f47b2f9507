import type { DashboardModel } from '../dashboard/model.js'
import type { WatchFace } from './watch.js'

/** How often the merged state is printed, if it has changed. */
const PRINT_EVERY_MS = 1000

export interface MergedPrinter extends WatchFace {
  /** prints what has not been printed yet */
  stop(): void
}

/** `watch --json`: the merged state as a line of JSON in the form of a result, once a second where it has changed. */
export function createMergedPrinter(
  model: DashboardModel,
  print: (line: string) => void,
  note: (text: string) => void,
): MergedPrinter {
  let changed = false
  const printChanged = () => {
    if (changed) print(JSON.stringify(model.toResult('watch')))
    changed = false
  }
  const timer = setInterval(printChanged, PRINT_EVERY_MS)
  return {
    add(result) {
      changed = model.add(result, Date.now()) === 'added' || changed
    },
    setLag: (messages) => model.setLag(messages, Date.now()),
    message: note,
    stop() {
      clearInterval(timer)
      printChanged()
    },
  }
}
