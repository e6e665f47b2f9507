import { setTimeout as sleep } from 'node:timers/promises'
import { type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { type WatchedPage, watchWeb } from '../../test/browser/support/watched.js'
import { Cli } from '../../test/support/built-cli.js'
import { LAUNCH } from './chromium.js'

const ROWS_A_SECOND = 1000
/** Five results a second from each lane: as many views as the server sends. */
const INTERVAL = '200ms'

export interface LivePage {
  page: Page
  server: WatchedPage
  close(): Promise<void>
}

/** The page of a simulated detector that sends rows for so many seconds: replay, process and watch as a user starts them, and Chromium. */
export async function openLivePage(seconds: number, options: BrowserContextOptions): Promise<LivePage> {
  const cli = new Cli()
  cli.start('process', '--interval', INTERVAL)
  const server = await watchWeb(cli, '--port', '0')
  const rows = Math.ceil(seconds * ROWS_A_SECOND)
  cli.start('replay', `sim:?seed=1&rows=${rows}`, '--rate', String(ROWS_A_SECOND))
  const browser = await chromium.launch(LAUNCH)
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(server.url)
  while ((await page.locator('#badge').getAttribute('data-state')) !== 'live') await sleep(200)
  return {
    page,
    server,
    async close() {
      await browser.close()
      cli.dispose()
    },
  }
}
