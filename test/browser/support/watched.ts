import { once } from 'node:events'
import type { Cli } from '../../support/built-cli.js'

export interface WatchedPage {
  url: string
  pid: number
  /** Kills the server. */
  kill(): Promise<void>
}

/** Starts `dtstream watch --web` and waits until it says where its page is. */
export async function watchWeb(cli: Cli, ...flags: string[]): Promise<WatchedPage> {
  const { child, ended } = cli.start('watch', '--web', ...flags)
  if (!child.stdout || !child.pid) throw new Error('watch did not start')
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
  ])
  const url = /http:\/\/\S+\//.exec(String(line))?.[0]
  if (!url) throw new Error(`watch says no address: ${line}`)
  return {
    url,
    pid: child.pid,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}
