import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The user's folder for what programs keep: `XDG_DATA_HOME` (`~/.local/share`), `~/Library/Application Support` on macOS,
 * `%LOCALAPPDATA%` on Windows.
 */
export function dataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (env.XDG_DATA_HOME) return env.XDG_DATA_HOME
  if (platform === 'darwin') return join(home, 'Library', 'Application Support')
  if (platform === 'win32') return env.LOCALAPPDATA || join(home, 'AppData', 'Local')
  return join(home, '.local', 'share')
}
