import type { Log } from '../../src/log/log.js'

/** For sources that need no log. */
export async function noLog(): Promise<Log> {
  throw new Error('there is no log here')
}
