import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Audit } from '../../src/audit/audit.js'
import { Cli } from '../support/built-cli.js'
import { PtyCommand } from '../support/terminal.js'
import { untilRead } from './until-read.js'

const SLOW = 60_000

let cli: Cli
beforeEach(() => {
  cli = new Cli()
})
afterEach(() => cli.dispose())

it(
  'the tour: rows count up on the screen, q gives the terminal back, and all is exact',
  async () => {
    const watching = new PtyCommand(`sh -c 'node bin/run.js watch; code=$?; stty -a | grep -o " icanon"; exit $code'`, {
      env: { DTSTREAM_LOG: join(cli.folder, 'log') },
    })
    await watching.until(/waiting for results/)
    await watching.until(/there is no topic data_clean yet: it is waited for/)
    const replaying = cli.start('replay', '--rate', '1000/s')
    const processing = cli.start('process', '--workers', '2')
    await watching.until(/● live/)
    await watching.until(/rows [1-9]\d*/)
    await watching.until(/rows [2-9] \d{3} {3}row rate \d+\/s/)
    expect(watching.screen.text()).toMatch(/lag \d/)
    watching.type('q')
    expect(await watching.ended).toBe(0)
    expect(watching.screen.buffer).toBe('normal')
    expect(watching.screen.text().trim()).toBe('icanon')

    replaying.child.kill('SIGINT')
    expect((await replaying.ended).code).toBe(130)
    const topics = await cli.json<{ name: string; messages: number }[]>('topics', 'list')
    const rows = topics.find(({ name }) => name === 'data_raw')?.messages
    await untilRead(cli)
    processing.child.kill('SIGINT')
    expect((await processing.ended).code).toBe(130)
    expect(await cli.json<Audit>('audit')).toMatchObject({ verdict: 'exact', rows, pending: 0, late: 0 })
  },
  SLOW,
)
