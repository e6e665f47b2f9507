import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { Cli, ROOT } from '../support/built-cli.js'
import { PtyCommand } from '../support/terminal.js'

const COUNT = '[\\d.]+(?: k)?'
const LINE = new RegExp(
  `^${COUNT} rows?, ${COUNT} hits?, ${COUNT} scintillator signals?, (drift-time peak -?\\d+ ns|no drift times yet), lag ${COUNT} messages?$`,
)

const endings: (() => void)[] = []
afterAll(() => {
  for (const end of endings) end()
})

/** A folder for temporary files, and the command line that has it. */
function place() {
  const folder = mkdtempSync(join(tmpdir(), 'dtstream-test-'))
  const cli = new Cli({ TMPDIR: folder })
  endings.push(() => {
    cli.dispose()
    rmSync(folder, { recursive: true })
  })
  return { cli, folder, leftovers: () => readdirSync(folder) }
}

const linesOf = (stdout: string) => stdout.trimEnd().split('\n')

describe.concurrent('dtstream demo without a terminal', () => {
  it('prints a line a result, stops by itself, and leaves nothing behind', async () => {
    const { cli, leftovers } = place()
    const { code, stdout, stderr } = await cli.run('demo', '--duration', '5s')
    for (const line of linesOf(stdout)) expect(line).toMatch(LINE)
    expect(linesOf(stdout).length).toBeGreaterThan(1)
    expect([code, stderr, leftovers()]).toEqual([0, '', []])
  })

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)(
    'ends in order after %s: the last result is printed, and nothing is left behind',
    async (signal, code) => {
      const { cli, leftovers } = place()
      const demo = cli.start('demo', '--duration', '1m')
      const { stdout } = demo.child
      let lines = 0
      stdout?.on('data', () => lines++)
      await once(stdout ?? expect.fail(), 'data')
      // some rows come after the last result
      await sleep(200)
      const before = lines
      demo.child.kill(signal)
      const ended = await demo.ended
      expect([ended.code, ended.stderr, leftovers()]).toEqual([code, '', []])
      expect(linesOf(ended.stdout).length).toBeGreaterThan(before)
    },
  )

  it('leaves nothing behind after a second Ctrl-C, which ends it at once', async () => {
    const { cli, leftovers } = place()
    const demo = cli.start('demo', '--rate', '100k/s', '--duration', '1m')
    while (leftovers().length === 0) await sleep(10)
    demo.child.kill('SIGINT')
    demo.child.kill('SIGINT')
    await demo.ended
    expect(leftovers()).toEqual([])
  })

  it('prints what there was in all with --json', async () => {
    const { cli, leftovers } = place()
    const { code, stdout } = await cli.run('demo', '--duration', '5s', '--rate', '5k/s', '--json')
    const totals = JSON.parse(stdout)
    expect(totals).toEqual({ results: expect.any(Number), rows: expect.any(Number), hits: expect.any(Number) })
    expect(totals.rows).toBeGreaterThan(totals.hits)
    expect([code, leftovers()]).toEqual([0, []])
  })

  it('is what npm start runs', async () => {
    const child = spawn('npm', ['start', '--silent', '--', '--duration', '5s'], { cwd: ROOT, stdio: 'pipe' })
    child.stdin.end()
    const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'close')])
    for (const line of linesOf(stdout)) expect(line).toMatch(LINE)
    expect(code).toBe(0)
  })
})

describe.concurrent('dtstream demo on a terminal', () => {
  const start = (folder: string, flags = '') =>
    new PtyCommand(`sh -c 'node bin/run.js demo ${flags}; code=$?; stty -a | grep -o " icanon"; exit $code'`, {
      env: { TMPDIR: folder },
    })

  it('shows the dashboard until q, and leaves nothing behind', async () => {
    const { folder, leftovers } = place()
    const demo = start(folder)
    await demo.until(/demo: simulated detector/)
    await demo.until(/● live/)
    demo.type('q')
    expect(await demo.ended).toBe(0)
    expect(demo.screen.buffer).toBe('normal')
    expect(demo.screen.text().trim()).toBe('icanon')
    expect(leftovers()).toEqual([])
  })

  it('closes it after --duration', async () => {
    const { folder, leftovers } = place()
    const demo = start(folder, '--duration 5s')
    expect(await demo.ended).toBe(0)
    expect(demo.written).toContain('● live')
    expect(demo.screen.text().trim()).toBe('icanon')
    expect(leftovers()).toEqual([])
  })
})
