import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gunzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { readPageFiles } from '../../../../src/dashboard/web/server/page-files.js'
import { temporaryFolder } from '../../../support/temporary-folder.js'
import { ANY_PORT, ask, live, serve } from './serving.js'

const SCRIPT = `console.log(1)\n${'// a long script\n'.repeat(500)}`
const FILES = {
  'page/index.html': '<!doctype html>',
  'page/main.js': 'export {}',
  'page/plots/rates.js': 'export { rates }',
  'page/style.css': 'body {}',
  'page/icon.svg': '<svg/>',
  'page/main.ts': 'export {}',
  'page/.stamp': 'x',
  'bokeh/bokeh.min.js': SCRIPT,
  'bokeh/LICENSE.txt': 'BSD',
  'server/web-server.js': 'export {}',
  'secret.txt': 'secret',
}

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
  for (const name of ['page/plots', 'bokeh', 'server']) await mkdir(join(folder, name), { recursive: true })
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text)
})

async function pageUrl(): Promise<string> {
  const files = await readPageFiles(pathToFileURL(`${folder}/`))
  return (await serve(live().watched, ANY_PORT, files)).url
}

describe('the files of the page', () => {
  it.each([
    ['', 'text/html; charset=utf-8', '<!doctype html>'],
    ['page/index.html', 'text/html; charset=utf-8', '<!doctype html>'],
    ['page/main.js', 'text/javascript; charset=utf-8', 'export {}'],
    ['page/plots/rates.js', 'text/javascript; charset=utf-8', 'export { rates }'],
    ['page/style.css', 'text/css; charset=utf-8', 'body {}'],
    ['page/icon.svg', 'image/svg+xml', '<svg/>'],
    ['bokeh/bokeh.min.js', 'text/javascript; charset=utf-8', SCRIPT],
    ['bokeh/LICENSE.txt', 'text/plain; charset=utf-8', 'BSD'],
  ])('are served: /%s', async (path, type, text) => {
    const { status, headers, body } = await ask((await pageUrl()) + path)
    expect([status, headers['content-type'], body]).toEqual([200, type, text])
    expect(headers['content-security-policy']).toContain("default-src 'none'")
  })

  it.each([
    'page/main.ts',
    'page/.stamp',
    'page/',
    'page/plots',
    'page',
    'secret.txt',
    'server/web-server.js',
    'page/../secret.txt',
    'bokeh/..%2fsecret.txt',
    'page//main.js',
  ])('are the only ones: not /%s', async (path) => {
    expect((await ask((await pageUrl()) + path)).status).toBe(404)
  })

  it('are compressed for whoever takes that', async () => {
    const url = `${await pageUrl()}bokeh/bokeh.min.js`
    for (let twice = 0; twice < 2; twice++) {
      const { headers, body } = await ask(url, { headers: { 'accept-encoding': 'gzip, deflate, br' } })
      expect(headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' })
      expect(body.length).toBeLessThan(SCRIPT.length / 10)
      expect(gunzipSync(Buffer.from(body, 'latin1')).toString()).toBe(SCRIPT)
    }
    expect((await ask(url, { headers: { 'accept-encoding': 'br' } })).headers['content-encoding']).toBeUndefined()
  })

  it('are not sent again to a browser that has them, until they change', async () => {
    const before = await ask(`${await pageUrl()}page/main.js`)
    const etag = String(before.headers.etag)
    expect(before.headers['cache-control']).toBe('no-cache')
    const again = await ask(`${await pageUrl()}page/main.js`, { headers: { 'if-none-match': etag } })
    expect(again).toMatchObject({ status: 304, headers: { etag }, body: '' })
    await writeFile(join(folder, 'page/main.js'), 'export { changed }')
    const changed = await ask(`${await pageUrl()}page/main.js`, { headers: { 'if-none-match': etag } })
    expect(changed).toMatchObject({ status: 200, body: 'export { changed }' })
  })

  it('are missed before they are built, which is said', async () => {
    const files = await readPageFiles(pathToFileURL(join(folder, 'nothing/')))
    const { url } = await serve(live().watched, ANY_PORT, files)
    expect(await ask(url)).toMatchObject({ status: 404, body: 'the page has not been built: npm run build\n' })
  })
})
