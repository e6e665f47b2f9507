import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import type { DashboardView } from '../../src/dashboard/view.js'
import { probability } from '../../src/dashboard/web/page/words.js'
import { untilRead } from '../end-to-end/until-read.js'
import { Cli } from '../support/built-cli.js'
import { Chromium, type Viewed } from './support/browser.js'
import { drawn, plotsOf } from './support/plots.js'
import { type WatchedPage, watchWeb } from './support/watched.js'

const WAIT = { timeout: 60_000, interval: 100 }
const NARROW = { width: 360, height: 800 }

let cli: Cli
let chromium: Chromium
let watched: WatchedPage
let lines: string[]

beforeAll(async () => {
  cli = new Cli()
  chromium = await Chromium.start()
  const folder = join(cli.folder, 'results')
  cli.start('process', '--interval', '500ms', '--to', `file:${folder}/`)
  await cli.run('replay', 'sim:?seed=8&rows=6000', '--rate', '1000')
  await untilRead(cli)
  lines = readdirSync(folder)
    .filter((name) => name.endsWith('.ndjson'))
    .map((name) => readFileSync(join(folder, name), 'utf8').trim())
  watched = await watchWeb(cli, '--port', '0', '--from', `${folder}/`)
})
afterAll(async () => {
  await chromium.close()
  cli.dispose()
})

/** A slot of a recorded run's time. */
const SLOT_MS = 1000
const endOf = (line: string) => Date.parse((JSON.parse(line) as Result).interval.end)

/** What merge makes of the results that had ended by then. */
async function mergedBy(ms: number): Promise<Result> {
  const part = join(cli.folder, `until-${ms}.ndjson`)
  writeFileSync(part, lines.filter((line) => endOf(line) <= ms).join('\n'))
  return JSON.parse((await cli.run('merge', '--from', part, '--to', 'stdout:')).stdout) as Result
}

const drawsPlotsOf = ({ page }: Viewed, result: Result) =>
  vi.waitFor(async () => expect(await drawn(page)).toEqual(plotsOf(result)), WAIT)

describe('the page of a recorded run', () => {
  it('shows what merge finds in the results up to the moment of its slider, and plays on from there', async () => {
    const first = Math.min(...lines.map(endOf))
    const [early, late] = [2, 4].map((slots) => (Math.ceil(first / SLOT_MS) + slots) * SLOT_MS)
    const viewed = await chromium.open(`${watched.url}#at=${early}`)
    const { page, complaints } = viewed
    await drawsPlotsOf(viewed, await mergedBy(early))
    expect(await page.locator('#badge').textContent()).toBe('recorded')
    await page.getByRole('slider', { name: 'Moment of the recorded run' }).fill(String(late))
    await drawsPlotsOf(viewed, await mergedBy(late))
    expect(new URL(page.url()).hash).toBe(`#at=${late}`)

    await page.getByRole('button', { name: 'Play' }).click()
    await drawsPlotsOf(viewed, await mergedBy(Number.POSITIVE_INFINITY))
    await page.getByRole('button', { name: 'Play' }).waitFor()
    expect(new URL(page.url()).hash).toBe('')
    expect(complaints).toEqual([])
  })

  it('compares with a reference', async () => {
    const reference = join(cli.folder, 'reference.ndjson')
    await cli.run('merge', '--from', `${cli.folder}/results/`, '--to', `file:${reference}`)
    const compared = await watchWeb(cli, '--port', '0', '--from', `${cli.folder}/results/`, '--reference', reference)
    const { page, complaints } = await chromium.open(compared.url)
    const rows = page.locator('#comparisons tbody tr')
    const { health } = (await (await fetch(`${compared.url}view`)).json()) as DashboardView
    const [first] = health.comparisons
    expect(first).toBeDefined()
    await vi.waitFor(async () => expect(await rows.count()).toBe(health.comparisons.length), WAIT)
    expect(await rows.first().locator('th, td').allTextContents()).toEqual([
      first.histogram,
      String(first.chamber),
      `${first.chi2.toFixed(1)} / ${first.ndf}`,
      probability(first.pChi2),
      first.kolmogorov.toFixed(4),
      probability(first.pKolmogorov),
    ])
    await page.getByRole('combobox', { name: 'Chamber' }).selectOption(String(first.chamber))
    const ofOne = health.comparisons.filter(({ chamber }) => chamber === first.chamber).length
    await vi.waitFor(async () => expect(await rows.count()).toBe(ofOne), WAIT)
    expect(complaints).toEqual([])
  })

  it('is light or dark as the system is, unless something else is chosen', async () => {
    const viewed = await chromium.open(watched.url, { colorScheme: 'dark' })
    const { page, complaints } = viewed
    await vi.waitFor(async () => expect(await fillOf(viewed)).toBe('#181c22'), WAIT)
    await page.getByRole('combobox', { name: 'Colours' }).selectOption('light')
    await vi.waitFor(async () => expect(await fillOf(viewed)).toBe('#ffffff'), WAIT)
    await page.reload()
    await vi.waitFor(async () => expect(await fillOf(viewed)).toBe('#ffffff'), WAIT)
    expect(complaints).toEqual([])
  })

  it.each(['', '#chamber=1'])('fits a phone held upright: %s', async (hash) => {
    const { page, complaints } = await chromium.open(`${watched.url}${hash}`, { viewport: NARROW, hasTouch: true })
    await page.locator('#drift-1').scrollIntoViewIfNeeded()
    await page.locator('#drift-1 canvas').first().waitFor()
    const wide = await page.evaluate(() => {
      const all = [...document.querySelectorAll('body *')]
      const beyond = all.filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
      return [document.documentElement.scrollWidth, ...beyond.map((one) => one.outerHTML.slice(0, 80))]
    })
    expect(wide).toEqual([NARROW.width])
    expect(complaints).toEqual([])
  })
})

/** The background of the first plot. */
function fillOf({ page }: Viewed): Promise<string | undefined> {
  return page.evaluate(() => {
    const figures = Bokeh.documents.flatMap((one) => one.roots())
    return figures.find((one) => one instanceof Bokeh.Plot)?.border_fill_color?.toString()
  })
}
