// Draws docs/web.png: the page after two minutes of the simulated detector.
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openLivePage } from './browser/live-page.js'

const SECONDS = 150

const live = await openLivePage(2 * SECONDS, { viewport: { width: 1400, height: 1290 }, colorScheme: 'light' })
await sleep(SECONDS * 1000)
await live.page.screenshot({ path: fileURLToPath(new URL('../docs/web.png', import.meta.url)) })
await live.close()
