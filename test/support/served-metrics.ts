import { setTimeout as sleep } from 'node:timers/promises'
import type { Cli, Ended } from './built-cli.js'
import { type Family, parseExposition } from './exposition.js'

const SERVED = /^metrics are served at (http:\/\/\S+)$/m

/** A command that serves metrics at a free port. */
export interface Served {
  url: string
  scrape(): Promise<Map<string, Family>>
  /** Scrapes until that holds. */
  until(holds: (families: Map<string, Family>) => boolean): Promise<Map<string, Family>>
  /** Ctrl-C, and what it came to. */
  stop(): Promise<Ended>
}

/** Starts `dtstream ARGS --metrics 0`. */
export async function startServed(cli: Cli, ...args: string[]): Promise<Served> {
  const { child, ended } = cli.start(...args, '--metrics', '0')
  let said = ''
  const told = new Promise<string>((resolve) => {
    child.stderr?.on('data', (text: string) => {
      said += text
      const [, url] = SERVED.exec(said) ?? []
      if (url) resolve(url)
    })
  })
  const url = await Promise.race([told, ended.then(({ stderr }) => Promise.reject(new Error(stderr)))])
  const scrape = async () => parseExposition(await (await fetch(url)).text())
  return {
    url,
    scrape,
    async until(holds) {
      for (;;) {
        const families = await scrape()
        if (holds(families)) return families
        await sleep(50)
      }
    },
    stop() {
      child.kill('SIGINT')
      return ended
    },
  }
}
