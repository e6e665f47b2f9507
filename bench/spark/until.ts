import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_MS = 20
const LONGEST_MS = 3_600_000

/** Waits for a condition. @throws Error where it does not come true within an hour */
export async function until(condition: () => boolean): Promise<void> {
  for (const end = performance.now() + LONGEST_MS; !condition(); await sleep(LOOK_MS))
    if (performance.now() > end) throw new Error('what was waited for did not come within an hour')
}
