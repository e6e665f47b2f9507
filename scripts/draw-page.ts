// Draws docs/web.png: the page as it stands after two minutes of the simulated detector.
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright-core'
import { DEFAULT_RUN } from '../src/core/run-file/run-file.js'
import { DashboardModel } from '../src/dashboard/model.js'
import type { ViewWindow } from '../src/dashboard/view.js'
import { LiveFeed } from '../src/dashboard/web/server/live-feed.js'
import { readPageFiles } from '../src/dashboard/web/server/page-files.js'
import { openWebServer } from '../src/dashboard/web/server/web-server.js'
import { LAUNCH } from './browser/chromium.js'
import { SIMULATED_END_MS, simulatedMinutes } from './lib/simulated-minutes.js'

/** Down to the end of the maps. */
const SIZE = { width: 1400, height: 1172 }

const model = new DashboardModel(DEFAULT_RUN)
for (const { result, endMs } of simulatedMinutes()) model.add(result, endMs)
model.setLag(0, SIMULATED_END_MS)
const view = (window: ViewWindow) => model.view(SIMULATED_END_MS, { window })
const server = await openWebServer({
  watched: () => ({
    page: { title: 'topic:data_clean', run: DEFAULT_RUN, recorded: null },
    feed: new LiveFeed(view, () => performance.now()),
    view,
    sum: () => model.toResult('picture'),
  }),
  files: await readPageFiles(),
  host: '127.0.0.1',
  port: 0,
  onFailure: console.error,
})
const browser = await chromium.launch(LAUNCH)
const page = await browser.newPage({ viewport: SIZE, colorScheme: 'light' })
await page.goto(server.url)
await page.locator('#map-3 canvas').first().waitFor()
// for the pictures that are still to be painted
await sleep(3000)
await page.screenshot({ path: fileURLToPath(new URL('../docs/web.png', import.meta.url)) })
await browser.close()
await server.close()
