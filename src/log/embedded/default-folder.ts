import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Where the embedded log lies unless the user says otherwise: the user's data folder of the platform.
 * `XDG_DATA_HOME/dtstream/log` (`~/.local/share/dtstream/log`), `~/Library/Application Support/dtstream/log` on macOS,
 * `%LOCALAPPDATA%\dtstream\log` on Windows.
 */
export function defaultLogFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  return join(dataFolder(env, platform, home), 'dtstream', 'log')
}

function dataFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform, home: string): string {
  if (env.XDG_DATA_HOME) return env.XDG_DATA_HOME
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (platform === 'win32') return env.LOCALAPPDATA || join(home, 'AppData', 'Local')
  return join(home, '.local', 'share')
}
