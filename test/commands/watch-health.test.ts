import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AlarmRecord } from '../../src/alarms/alarm-record.js'
import type { HealthCheck } from '../../src/watch/check-health.js'
import { Cli } from '../support/built-cli.js'

let cli: Cli
beforeEach(() => {
  cli = new Cli()
})
afterEach(() => cli.dispose())

const GOOD = 'sim:?seed=8&rows=100000&dead=none&noisy=none'
const BAD = 'sim:?seed=8&rows=100000&dead=2:41&noisy=1:2'

/** A file with the results of rows. */
async function resultsOf(rows: string, name: string): Promise<string> {
  const file = join(cli.folder, name)
  const { code, stderr } = await cli.run('process', '--from', rows, '--to', file, '--no-progress')
  expect(code, stderr).toBe(0)
  return file
}

describe('dtstream watch --check', () => {
  it('says that there is no alarm, and ends with 0', async () => {
    const { code, stdout } = await cli.run('watch', '--check', '--from', await resultsOf(GOOD, 'good.ndjson'))
    expect(stdout).toBe('no alarm: 1 result, 100 k rows\n')
    expect(code).toBe(0)
  })

  it('names each alarm, what was found and expected and since when, and ends with 3', async () => {
    const file = await resultsOf(BAD, 'bad.ndjson')
    const { code, stdout } = await cli.run('watch', '--check', '--from', file)
    const [dead, hot, all, ...rest] = stdout.split('\n')
    expect(dead).toMatch(/^cell 41 of chamber 2 is dead: 0 hits where \d+ are expected \(since 20\d\d-[\dT:.-]+Z\)$/)
    expect(hot).toMatch(/^cell 2 of chamber 1 is hot: [\d.]+( k)? hits where \d+ are expected \(since 20/)
    expect([all, ...rest]).toEqual(['2 alarms: 1 result, 100 k rows', ''])
    expect(code).toBe(3)
    const json = await cli.run('watch', '--check', '--json', '--from', file)
    const { ok, alarms, edges } = JSON.parse(json.stdout) as HealthCheck
    expect({ ok, ids: alarms.map(({ id }) => id), code: json.code }).toEqual({
      ok: false,
      ids: ['dead-cell/2/41', 'hot-cell/1/2'],
      code: 3,
    })
    for (const edge of edges)
      expect(Math.abs((edge?.velocity ?? 0) - 53.8)).toBeLessThan(5 * (edge?.velocityError ?? 0))
  })

  it('tells the alarms that there are to a file and a command', async () => {
    const [file, seen] = [join(cli.folder, 'alarms.ndjson'), join(cli.folder, 'seen')]
    const bad = await resultsOf(BAD, 'bad.ndjson')
    const { code } = await cli.run(
      'watch',
      '--check',
      '--from',
      bad,
      '--alarms-to',
      file,
      '--on-alarm',
      `cat > '${seen}'`,
    )
    expect(code).toBe(3)
    const ids = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as AlarmRecord).id)
    expect(ids(await readFile(file, 'utf8'))).toEqual(['dead-cell/2/41', 'hot-cell/1/2'])
    expect(await readFile(seen, 'utf8')).toBe(await readFile(file, 'utf8'))
  })

  it('knows cells that a run file lists as known', async () => {
    const { stdout: standard } = await cli.run('run-file')
    const run = join(cli.folder, 'run.yaml')
    const known = 'ignore_cells: [{ chamber: 2, cell: 41 }, { chamber: 1, cell: 2 }]'
    expect(standard).toContain('ignore_cells: []')
    await writeFile(run, standard.replace('ignore_cells: []', known))
    const file = await resultsOf(BAD, 'bad.ndjson')
    expect((await cli.run('watch', '--check', '--from', file, '--run', run)).code).toBe(0)
  })

  it('compares with a reference', async () => {
    const [good, bad] = [await resultsOf(GOOD, 'good.ndjson'), await resultsOf(BAD, 'bad.ndjson')]
    const same = await cli.run('watch', '--check', '--from', good, '--reference', good)
    expect(same).toMatchObject({ code: 0, stdout: 'no alarm: 1 result, 100 k rows\n' })
    const { code, stdout } = await cli.run('watch', '--check', '--json', '--from', bad, '--reference', good)
    const { alarms } = JSON.parse(stdout) as HealthCheck
    const differing = alarms.filter(({ kind }) => kind === 'reference').map(({ chamber }) => chamber)
    expect(code).toBe(3)
    expect(new Set(differing)).toEqual(new Set([1, 2]))
  })

  it('refuses where there is nothing to check, with 1', async () => {
    const empty = join(cli.folder, 'empty.ndjson')
    await writeFile(empty, '')
    const { code, stderr } = await cli.run('watch', '--check', '--from', empty)
    expect(code).toBe(1)
    expect(stderr).toContain('there is no result of run file')
  })
})

describe('dtstream watch with --on-alarm and --alarms-to', () => {
  it('tells the command and the file as alarms come', async () => {
    const [file, seen] = [join(cli.folder, 'alarms.ndjson'), join(cli.folder, 'seen')]
    const command = `cat >> '${seen}'`
    const watching = cli.start('watch', '--json', '--alarms-to', file, '--on-alarm', command)
    const processing = cli.start('process', '--interval', '200ms')
    await cli.run('replay', `${BAD}&rows=40000`.replace('rows=100000&', ''), '--rate', '10k/s')
    const records = async (name: string) =>
      (await readFile(name, 'utf8').catch(() => ''))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as AlarmRecord)
    const ids = async (name: string) => (await records(name)).map(({ what, id }) => `${what} ${id}`)
    const expected = ['raised dead-cell/2/41', 'raised hot-cell/1/2']
    while ((await ids(file)).length < 2) await sleep(100)
    for (const { child, ended } of [watching, processing]) {
      child.kill('SIGINT')
      await ended
    }
    expect(new Set(await ids(file))).toEqual(new Set(expected))
    expect(new Set(await ids(seen))).toEqual(new Set(expected))
    expect((await records(file))[0]).toMatchObject({ schema: 'dtstream.alarm/1', unit: 'hits' })
  })
})
