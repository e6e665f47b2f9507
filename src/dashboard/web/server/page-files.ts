import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { type Exchange, reply } from './reply.js'

const TYPES: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
}
/** Folders of files that are served, beside that of the server. */
const FOLDERS = ['page', 'bokeh'] as const
const INDEX = '/page/index.html'

const compress = promisify(gzip)

interface PageFile {
  readonly type: string
  /** the same for the file and its compressed form */
  readonly tag: string
  readonly body: Buffer
  /** made when it is first asked for */
  zipped?: Promise<Buffer>
}

/** The files that make up the page, by path. No other file can be reached, whatever is asked for. */
export type PageFiles = ReadonlyMap<string, PageFile>

/** Reads the files of the page below a folder; before they were built there are none. */
export async function readPageFiles(built = builtFolder()): Promise<PageFiles> {
  const files = new Map<string, PageFile>()
  for (const folder of FOLDERS) {
    const url = new URL(`${folder}/`, built)
    for (const name of await namesBelow(url)) {
      const type = TYPES[extname(name)]
      if (type !== undefined) files.set(`/${folder}/${name}`, pageFile(type, await readFile(new URL(name, url))))
    }
  }
  const index = files.get(INDEX)
  return index ? files.set('/', index) : files
}

/** Answers with a file; with its headers alone where the browser has it. */
export async function replyFile(exchange: Exchange, file: PageFile): Promise<void> {
  const { headers } = exchange.request
  // a name is the same in the next version, so the browser asks each time whether the content is
  const common = { 'content-type': file.type, 'cache-control': 'no-cache', etag: file.tag, vary: 'accept-encoding' }
  if (headers['if-none-match'] === file.tag) return reply(exchange, { status: 304, headers: common })
  if (!/\bgzip\b/.test(String(headers['accept-encoding']))) return reply(exchange, { headers: common, body: file.body })
  file.zipped ??= compress(file.body)
  reply(exchange, { headers: { ...common, 'content-encoding': 'gzip' }, body: await file.zipped })
}

function pageFile(type: string, body: Buffer): PageFile {
  return { type, body, tag: `W/"${createHash('sha256').update(body).digest('base64url').slice(0, 16)}"` }
}

async function namesBelow(folder: URL): Promise<string[]> {
  const names = await readdir(folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names.map((name) => name.replaceAll('\\', '/'))
}

/** Of dist/, also where the server is run from its source. */
function builtFolder(): URL {
  const here = new URL('../', import.meta.url)
  return import.meta.url.endsWith('.ts') ? new URL('../../../dist/dashboard/web/', here) : here
}
