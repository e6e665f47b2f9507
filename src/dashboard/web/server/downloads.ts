import { histogramsCsv, ratesCsv } from '../../csv.js'
import type { DashboardView } from '../../view.js'
import type { DOWNLOADS } from '../messages.js'
import { momentOf, windowOf } from './query.js'
import { type Exchange, NOT_KEPT, Refusal, reply } from './reply.js'
import type { Watched } from './watched.js'

interface Download {
  readonly type: string
  /** which part of the run is in it, for the file's name */
  readonly part: string
  readonly body: string
}

type Prepare = (watched: Watched, query: URLSearchParams) => Download

const PREPARE: Readonly<Record<(typeof DOWNLOADS)[number], Prepare>> = {
  'results.ndjson': sumAsResult,
  'histograms.csv': (watched, query) => {
    const view = viewOf(watched, query)
    const window = view.window === 'cumulative' ? view.window : `last-${view.window}-s`
    return { type: 'text/csv', part: `${window}-${stamp(view.atMs)}`, body: histogramsCsv(view, watched.page.run) }
  },
  'rates.csv': (watched, query) => {
    const view = viewOf(watched, query)
    return { type: 'text/csv', part: stamp(view.atMs), body: ratesCsv(view) }
  },
}

/** Answers with a file to be saved, under a name that says which run and which part of it. */
export function replyDownload(name: string, exchange: Exchange, watched: Watched): void {
  if (!isDownload(name)) throw new Refusal(404, 'there is no such download')
  const { type, part, body } = PREPARE[name](watched, exchange.query)
  const [what, extension] = name.split('.')
  const run = watched.page.run.name.replaceAll(/[^\w.-]+/g, '_')
  const file = `${run}-${what}-${part}.${extension}`
  const headers = { 'content-type': type, 'content-disposition': `attachment; filename="${file}"` }
  reply(exchange, { headers: { ...NOT_KEPT, ...headers }, body })
}

function isDownload(name: string): name is keyof typeof PREPARE {
  return Object.hasOwn(PREPARE, name)
}

/** The sum says which rows are in it, so it can be merged; that of a recorded run is the whole, whatever the moment. */
function sumAsResult({ page, sum }: Watched): Download {
  const result = sum()
  if (!result) throw new Refusal(404, 'there are no results yet')
  const part = page.recorded ? 'whole' : stamp(Date.parse(result.interval.end))
  return { type: 'application/x-ndjson', part, body: `${JSON.stringify(result)}\n` }
}

function viewOf(watched: Watched, query: URLSearchParams): DashboardView {
  return watched.view(windowOf(query), momentOf(query))
}

/** `20260301T120000Z`, which every file system takes. */
function stamp(ms: number): string {
  return new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '')
}
