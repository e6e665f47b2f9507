import type { FlowState } from '../../../view.js'
import { byId, setText } from '../elements.js'
import { moment } from '../words.js'

export type BadgeState = FlowState | 'connecting' | 'disconnected' | 'paused' | 'recorded'

const WORDS: Record<BadgeState, string> = {
  connecting: 'connecting',
  waiting: 'waiting for results',
  live: 'live',
  stale: 'stale',
  disconnected: 'disconnected, trying again',
  paused: 'paused',
  recorded: 'recorded',
}

/** How the flow is, and of when what is shown is. */
export function showBadge(state: BadgeState, atMs: number | undefined): void {
  const badge = byId('badge', HTMLElement)
  badge.dataset.state = state
  setText(badge, WORDS[state])
  setText(byId('moment', HTMLElement), atMs === undefined ? '' : moment(atMs))
}
