import { join } from 'node:path'
import { dataFolder } from '../../data-folder.js'

/** Where this user's jobs on this machine are entered. */
export function jobsFolder(): string {
  return join(dataFolder(), 'dtstream', 'spark')
}
