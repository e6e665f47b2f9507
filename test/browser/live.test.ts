import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { follow, freePort } from '../dashboard/web/server/serving.js'
import { untilRead } from '../end-to-end/until-read.js'
import { Cli } from '../support/built-cli.js'
import { Chromium, type Viewed } from './support/browser.js'
import { drawn, paintings, plotsOf } from './support/plots.js'
import { type WatchedPage, watchWeb } from './support/watched.js'

const WAIT = { timeout: 60_000, interval: 100 }
const ROWS = 6000

let cli: Cli
let chromium: Chromium
let watched: WatchedPage
let port: string
let sum: Result

beforeAll(async () => {
  cli = new Cli()
  chromium = await Chromium.start()
  port = String(await freePort())
  cli.start('process', '--interval', '200ms')
  await cli.run('replay', `sim:?seed=6&rows=${ROWS}`, '--rate', 'max')
  watched = await watchWeb(cli, '--port', port)
  await untilRead(cli)
  sum = JSON.parse((await cli.run('merge', '--to', 'stdout:')).stdout) as Result
})
afterAll(async () => {
  await chromium.close()
  cli.dispose()
})

const figure = ({ page }: Viewed, label: string) => page.locator('#figures div', { hasText: label }).locator('dd')
const allRead = (viewed: Viewed) =>
  vi.waitFor(async () => expect(await figure(viewed, 'rows read').textContent()).toBe(String(ROWS)), WAIT)

describe('the page of a topic', () => {
  it('draws the counts that merge finds, for two viewers at once, and nothing is refused', async () => {
    const viewers = [await chromium.open(watched.url), await chromium.open(watched.url)]
    for (const viewed of viewers) {
      await allRead(viewed)
      await vi.waitFor(async () => expect(await drawn(viewed.page)).toEqual(plotsOf(sum)), WAIT)
      expect(await viewed.page.title()).toContain('minidt')
      expect(viewed.complaints).toEqual([])
    }
  })

  it('says what is wrong', async () => {
    const viewed = await chromium.open(watched.url)
    const { views } = follow(watched.url)
    const texts = () => viewed.page.locator('#alarms li strong').allTextContents()
    await vi.waitFor(async () => {
      const alarms = views.at(-1)?.health.alarms.map(({ text }) => text)
      expect(alarms).toContainEqual(expect.stringContaining('cell 2 of chamber 1 is hot'))
      expect(await texts()).toEqual(alarms)
    }, WAIT)
    expect(await viewed.page.title()).toMatch(/^\(\d+\) minidt/)
  })

  it('draws the plots that are on the screen, and others when they come there', async () => {
    const viewed = await chromium.open(watched.url, { viewport: { width: 1400, height: 700 } })
    await allRead(viewed)
    await vi.waitFor(async () => expect((await drawn(viewed.page))[0].occupancy).toBeDefined(), WAIT)
    expect((await drawn(viewed.page))[0].multiplicity).toBeUndefined()
    await viewed.page.locator('#multiplicity-0').scrollIntoViewIfNeeded()
    const [{ multiplicity }] = plotsOf(sum)
    await vi.waitFor(async () => expect((await drawn(viewed.page))[0].multiplicity).toEqual(multiplicity), WAIT)
  })

  it('has other windows and a logarithmic scale, and its address keeps the choice', async () => {
    const viewed = await chromium.open(watched.url)
    const { page, complaints } = viewed
    await allRead(viewed)
    await page.getByText('log scale').click()
    await vi.waitFor(async () => expect(await axisOf(viewed, 'drift-0')).toEqual(['LogScale', 0.5]), WAIT)
    await page.locator('.segments').getByText('300 s').click()
    expect(new URL(page.url()).hash).toBe('#window=300&scale=log')
    await page.reload()
    await vi.waitFor(async () => expect(await axisOf(viewed, 'drift-0')).toEqual(['LogScale', 0.5]), WAIT)
    expect(await page.getByRole('radio', { name: '300 s' }).isChecked()).toBe(true)
    await page.getByText('log scale').click()
    await vi.waitFor(async () => expect(await axisOf(viewed, 'drift-0')).toEqual(['LinearScale', 0]), WAIT)
    expect(complaints).toEqual([])
  })

  it('shows one chamber large, by mouse or keyboard, and goes back', async () => {
    const viewed = await chromium.open(watched.url)
    const { page, complaints } = viewed
    await allRead(viewed)
    await page.locator('#drift-2').getByRole('button', { name: 'Show chamber 2 large' }).click()
    const { drift, occupancy } = plotsOf(sum)[2]
    await vi.waitFor(async () => expect((await drawn(page))[2]).toMatchObject({ drift, occupancy }), WAIT)
    expect((await drawn(page))[0].drift).toBeUndefined()
    expect(new URL(page.url()).hash).toBe('#chamber=2')
    await page.keyboard.press('Escape')
    await vi.waitFor(async () => expect((await drawn(page))[0].drift).toBeDefined(), WAIT)
    await page.getByRole('combobox', { name: 'Chamber' }).selectOption('3')
    expect(await page.getByRole('heading', { name: 'Chamber 3' }).isVisible()).toBe(true)
    expect(complaints).toEqual([])
  })

  it('saves plots as PNG, and results and tables as files', async () => {
    const viewed = await chromium.open(watched.url)
    const { page } = viewed
    await allRead(viewed)
    await page.locator('#map-1 canvas').first().waitFor()
    const save = page.getByRole('button', { name: 'Save Cells as they are built, chamber 1 as PNG' })
    const [picture] = await Promise.all([page.waitForEvent('download'), save.click()])
    expect(picture.suggestedFilename()).toMatch(/^minidt-map-1-.*Z\.png$/)
    const png = readFileSync(await picture.path())
    expect(png.subarray(1, 4).toString()).toBe('PNG')
    const size = [png.readUInt32BE(16), png.readUInt32BE(20)]
    expect(Math.min(...size)).toBeGreaterThan(200)

    await page.getByText('Download').click()
    const [results] = await Promise.all([page.waitForEvent('download'), page.getByText('results.ndjson').click()])
    const saved = JSON.parse(readFileSync(await results.path(), 'utf8')) as Result
    expect(saved.drift_time_chamber).toEqual(sum.drift_time_chamber)
    await page.getByText('Download').click()
    const [table] = await Promise.all([page.waitForEvent('download'), page.getByText('histograms.csv').click()])
    expect(readFileSync(await table.path(), 'utf8').split('\n').length).toBeGreaterThan(64)
  })

  it('draws nothing while nobody sees it, and then lets go of the server', async () => {
    const viewed = await chromium.open(watched.url)
    const { page } = viewed
    await allRead(viewed)
    const letGo = page.waitForEvent('requestfailed', { predicate: (request) => request.url().includes('/events') })
    await setHidden(viewed, true)
    await vi.waitFor(async () => expect(await paintings(page, 300)).toBe(0), WAIT)
    expect(await paintings(page, 2500)).toBe(0)
    await letGo
    await setHidden(viewed, false)
    expect(await paintings(page, 2500)).toBeGreaterThan(0)
  })

  it('says when its server is gone, and goes on when it is back', async () => {
    const viewed = await chromium.open(watched.url)
    const { page } = viewed
    await allRead(viewed)
    const badge = () => page.locator('#badge').getAttribute('data-state')
    await watched.kill()
    await vi.waitFor(async () => expect(await badge()).toBe('disconnected'), WAIT)
    await cli.run('replay', 'sim:?seed=7&rows=1000', '--rate', 'max')
    watched = await watchWeb(cli, '--port', port)
    await vi.waitFor(async () => expect(['live', 'stale']).toContain(await badge()), WAIT)
    await vi.waitFor(
      async () => expect(await figure(viewed, 'rows read').textContent()).toBe(String(ROWS + 1000)),
      WAIT,
    )
  })
})

/** Kind and beginning of a plot's vertical axis. */
function axisOf({ page }: Viewed, plot: string): Promise<[string, number] | undefined> {
  return page.evaluate((name) => {
    const figures = Bokeh.documents.map((one) => one.get_model_by_name(name) as InstanceType<typeof Bokeh.Plot> | null)
    const figure = figures.find((one) => one !== null)
    return figure ? [figure.y_scale.type, figure.y_range.start] : undefined
  }, plot)
}

/** What a browser tells a page in another tab; a browser without a screen has all tabs in front. */
function setHidden({ page }: Viewed, hidden: boolean): Promise<void> {
  return page.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { value, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, hidden)
}
