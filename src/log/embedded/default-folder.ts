import { homedir } from 'node:os'
import { join } from 'node:path'
import { dataFolder } from '../../data-folder.js'

/** Where the embedded log lies unless the user says otherwise: `dtstream/log` in the user's data folder. */
export function defaultLogFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  return join(dataFolder(env, platform, home), 'dtstream', 'log')
}
