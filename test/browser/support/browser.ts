import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { LAUNCH } from '../../../scripts/browser/chromium.js'

/** All plots of four chambers are on the screen. */
export const ALL_IN_SIGHT = { width: 1400, height: 2600 }

/** A page, and what its browser complained of: errors, and what the content security policy refused. */
export interface Viewed {
  page: Page
  complaints: string[]
}

/** A Chromium of its own for a file of tests. */
export class Chromium {
  private constructor(private readonly browser: Browser) {}

  static async start(): Promise<Chromium> {
    return new Chromium(await chromium.launch(LAUNCH))
  }

  /** Opens a page in a window of its own, with nothing remembered. */
  async open(url: string, options: BrowserContextOptions = {}): Promise<Viewed> {
    const context = await this.browser.newContext({ viewport: ALL_IN_SIGHT, ...options })
    const page = await context.newPage()
    const complaints: string[] = []
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    await page.exposeFunction('refused', (what: string) => complaints.push(what))
    await page.addInitScript(() => {
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
        (window as unknown as { refused(what: string): void }).refused(`${effectiveDirective} ${blockedURI}`),
      )
    })
    await page.goto(url)
    return { page, complaints }
  }

  close(): Promise<void> {
    return this.browser.close()
  }
}
