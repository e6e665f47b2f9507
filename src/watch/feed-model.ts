import type { DashboardModel } from '../dashboard/model.js'
import type { WatchFace } from './watch.js'

/** Who looks at a model. */
export interface Onlooker {
  /** the model has changed */
  refresh(): void
  /** something the user should know */
  message(text: string): void
}

/** A face that feeds a model, and tells whoever looks at it. */
export function feedModel(model: DashboardModel, onlooker: Onlooker, now: () => number): WatchFace {
  let lag: number | undefined
  return {
    add(result) {
      model.add(result, now())
      onlooker.refresh()
    },
    setLag(messages) {
      model.setLag(messages, now())
      if (messages !== lag) onlooker.refresh()
      lag = messages
    },
    message: (text) => onlooker.message(text),
  }
}
