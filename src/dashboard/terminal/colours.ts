import type { Writable } from 'node:stream'

/**
 * How many colours a dashboard has on a terminal: none under NO_COLOR, else as many as both its description in terminfo and its
 * environment (TERM, COLORTERM) grant it.
 * @param known by terminfo
 */
export function coloursOf(output: Writable, known: number | undefined, env: NodeJS.ProcessEnv): number {
  if (env.NO_COLOR) return 0
  const depth = 'getColorDepth' in output && typeof output.getColorDepth === 'function' ? output.getColorDepth(env) : 8
  return Math.min(Math.max(0, known ?? 0), 2 ** depth)
}
