import { describe, expect, it } from 'vitest'
import { parseResult } from '../../../../src/core/results/parse-result.js'
import { DEFAULT_RUN } from '../../../../src/core/run-file/run-file.js'
import { histogramsCsv, ratesCsv } from '../../../../src/dashboard/csv.js'
import { RecordedRun } from '../../../../src/dashboard/recorded-run.js'
import { evenCells, result, T0 } from '../../made-up.js'
import { ask, live, serve, showRecorded } from './serving.js'

const results = [1, 2, 3].map((second) =>
  result({ from: second, startMs: T0 + (second - 1) * 1000, endMs: T0 + second * 1000, cells: [evenCells(second)] }),
)
const NOW = T0 + 60_000

async function liveUrl(): Promise<string> {
  const { model, watched } = live(() => NOW)
  for (const one of results) model.add(one, NOW)
  return (await serve(watched)).url
}

async function recordedUrl(recordedRun = new RecordedRun(DEFAULT_RUN)): Promise<string> {
  for (const one of results) recordedRun.add(one)
  return (await serve(showRecorded(recordedRun))).url
}

async function download(url: string) {
  const { status, headers, body } = await ask(url)
  return { status, type: headers['content-type'], disposition: headers['content-disposition'], body }
}

describe('downloads of a live run', () => {
  it('are the sum as one result', async () => {
    const { status, type, disposition, body } = await download(`${await liveUrl()}download/results.ndjson`)
    expect([status, type]).toEqual([200, 'application/x-ndjson'])
    expect(disposition).toBe('attachment; filename="minidt-results-20260301T120003Z.ndjson"')
    expect(body.endsWith('}\n')).toBe(true)
    expect(parseResult(body)).toMatchObject({ hit_count: 64 * 6, source: [{ from: 1, to: 4 }] })
  })

  it.each([
    ['', 'cumulative', 'minidt-histograms-cumulative-20260301T120100Z.csv'],
    ['?window=10', 10, 'minidt-histograms-last-10-s-20260301T120100Z.csv'],
  ] as const)('are the histograms of a window: %s', async (query, window, name) => {
    const { model } = live(() => NOW)
    for (const one of results) model.add(one, NOW)
    const { type, disposition, body } = await download(`${await liveUrl()}download/histograms.csv${query}`)
    expect([type, disposition]).toEqual(['text/csv', `attachment; filename="${name}"`])
    expect(body).toBe(histogramsCsv(model.view(NOW, { window }), DEFAULT_RUN))
  })

  it('are the rates', async () => {
    const { disposition, body } = await download(`${await liveUrl()}download/rates.csv`)
    expect(disposition).toBe('attachment; filename="minidt-rates-20260301T120100Z.csv"')
    expect(body.split('\n')).toHaveLength(5)
    expect(body).toContain('2026-03-01T12:00:01.000Z,128,128,0,')
  })

  it('are refused where there are no results yet, or no such file', async () => {
    const { url } = await serve(live().watched)
    expect(await download(`${url}download/results.ndjson`)).toMatchObject({
      status: 404,
      body: 'there are no results yet\n',
    })
    expect((await download(`${url}download/toString`)).status).toBe(404)
    expect((await download(`${url}download/rates.csv?window=x`)).status).toBe(400)
  })

  it('have names that every file system takes', async () => {
    const { watched } = live(() => NOW)
    const page = { ...watched.page, run: { ...DEFAULT_RUN, name: 'run 1228/"é"\r\nx' } }
    const { url } = await serve({ ...watched, page })
    const { disposition } = await download(`${url}download/rates.csv`)
    expect(disposition).toBe('attachment; filename="run_1228_x-rates-20260301T120100Z.csv"')
  })
})

describe('downloads of a recorded run', () => {
  it('are the whole as one result, and say so', async () => {
    const { disposition, body } = await download(`${await recordedUrl()}download/results.ndjson?at=${T0 + 1000}`)
    expect(disposition).toBe('attachment; filename="minidt-results-whole.ndjson"')
    expect(parseResult(body)).toMatchObject({ hit_count: 64 * 6 })
  })

  it('are histograms and rates at a moment', async () => {
    const recordedRun = new RecordedRun(DEFAULT_RUN)
    const url = await recordedUrl(recordedRun)
    const view = recordedRun.view(T0 + 2000, { window: 'cumulative' })
    const histograms = await download(`${url}download/histograms.csv?at=${T0 + 2000}`)
    expect(histograms.disposition).toContain('minidt-histograms-cumulative-20260301T120002Z.csv')
    expect(histograms.body).toBe(histogramsCsv(view, DEFAULT_RUN))
    expect((await download(`${url}download/rates.csv?at=${T0 + 2000}`)).body).toBe(ratesCsv(view))
  })
})
