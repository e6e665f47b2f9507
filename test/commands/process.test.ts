import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { untilRead } from '../end-to-end/until-read.js'
import { Cli, ROOT } from '../support/built-cli.js'

const ROWS = 2000

let cli: Cli
beforeEach(async () => {
  cli = new Cli()
  await cli.run('replay', `sim:?seed=3&rows=${ROWS}`, '--rate', 'max')
})
afterEach(() => cli.dispose())

const inWords = (stderr: string) => stderr.replaceAll(/\s+/g, ' ')

describe('dtstream process of a topic', () => {
  it('ends at Ctrl-C at once, however long its interval, and says what it counted', async () => {
    const processing = cli.start('process', '--interval', '1h', '--json')
    while ((await holders()).length < 10) await sleep(50)
    processing.child.kill('SIGINT')
    const { code, stdout, stderr } = await processing.ended
    const summary = JSON.parse(stdout)
    expect(summary).toEqual({ read: expect.any(Number), late: 0, malformed: 0, results: expect.any(Number), sinks: [] })
    expect(summary.results).toBeLessThanOrEqual(10)
    expect(stderr).toBe('stopping: last results are being sent\n')
    expect(code).toBe(130)
  })

  it('shows a status line, and the first records that cannot be read', async () => {
    const file = join(cli.folder, 'bad.txt')
    await writeFile(file, 'nonsense\n2,0,7,1,1,1\n')
    await cli.run('replay', file, '--rate', 'max')
    const processing = cli.start('process')
    await untilRead(cli)
    processing.child.kill('SIGINT')
    const { code, stderr } = await processing.ended
    expect(stderr).toMatch(/^cannot be read as a record: data_raw\/\d offset \d+: nonsense$/m)
    expect(stderr).toMatch(/^10 lanes, 2002 rows, [\d.]+(?: k)?\/s, lag 0, late \d+, malformed 1$/m)
    expect(code).toBe(130)
  })

  it.each([
    [
      'a folder that is not there',
      ['--to', 'nowhere/results.ndjson'],
      1,
      'cannot write nowhere/results.ndjson: its folder does not exist',
    ],
    [
      'a topic beside files',
      ['--from', 'topic:data_raw', '--from', 'rows.txt'],
      2,
      'one topic, or files, can be processed at a time',
    ],
  ])('refuses %s', async (_name, flags, code, message) => {
    const ended = await cli.run('process', ...flags)
    expect(inWords(ended.stderr)).toContain(message)
    expect(ended.code).toBe(code)
  })

  it('ends with 1 and a sentence when standard output cannot be written', async () => {
    const child = spawn('sh', ['-c', 'exec node bin/run.js process --to stdout: --interval 100ms > /dev/full'], {
      cwd: ROOT,
      env: { ...process.env, DTSTREAM_LOG: join(cli.folder, 'log') },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [stderr, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(inWords(stderr)).toMatch(/cannot write (stdout|to standard output): /)
    expect(code).toBe(1)
    const { groups } = await cli.json<Described>('topics', 'describe', 'data_raw')
    expect(groups.flatMap(({ lanes }) => lanes.map(({ nextOffset }) => nextOffset))).toEqual(Array(10).fill(0))
  })
})

interface Described {
  groups: { lanes: { nextOffset: number; holder: string | null }[] }[]
}

/** Who holds lanes of data_raw. */
async function holders(): Promise<(string | null)[]> {
  const { groups } = await cli.json<Described>('topics', 'describe', 'data_raw')
  return groups.flatMap(({ lanes }) => lanes.map(({ holder }) => holder))
}
