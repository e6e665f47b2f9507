import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createStopSignal } from '../../src/cli/stop-signal.js'

const MODULE = new URL('../../src/cli/stop-signal.ts', import.meta.url).href
const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** Says `ready`, then what happens; ends in order after the first signal if asked to, else goes on working. */
const PROGRAM = `
  import { createStopSignal } from ${JSON.stringify(MODULE)}
  const work = setInterval(() => {}, 1000)
  const stop = createStopSignal((name) => console.log('first ' + name))
  stop.signal.addEventListener('abort', () => {
    console.log('aborted')
    if (process.argv[1] === 'stubborn') return
    clearInterval(work)
    stop.dispose()
    process.exitCode = stop.exitCode
  })
  console.log('ready')
`

describe('createStopSignal', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s lets the process end in order with %d', async (name, exitCode) => {
    const program = start('orderly')
    await program.says('ready')
    program.child.kill(name)
    expect(await program.exit).toEqual([exitCode, null])
    expect(program.lines()).toEqual(['ready', `first ${name}`, 'aborted'])
  })

  it.each([
    ['SIGINT', 'SIGINT', 130],
    ['SIGINT', 'SIGTERM', 143],
    ['SIGTERM', 'SIGINT', 130],
  ] as const)('a second signal ends it at once: %s, then %s gives %d', async (first, second, exitCode) => {
    const program = start('stubborn')
    await program.says('ready')
    program.child.kill(first)
    await program.says('aborted')
    program.child.kill(second)
    expect(await program.exit).toEqual([exitCode, null])
    expect(program.lines()).toEqual(['ready', `first ${first}`, 'aborted'])
  })

  it('gives the signals back when disposed of', () => {
    const before = [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]
    const stop = createStopSignal()
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before.map((n) => n + 1))
    expect(stop.exitCode).toBeUndefined()
    expect(stop.signal.aborted).toBe(false)
    stop.dispose()
    expect([process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]).toEqual(before)
  })
})

function start(manner: 'orderly' | 'stubborn') {
  const args = ['--import', 'tsx', '--input-type=module', '-e', PROGRAM, manner]
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, args, { cwd: ROOT, stdio: 'pipe' })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
  })
  return {
    child,
    exit: once(child, 'close'),
    lines: () => output.trimEnd().split('\n'),
    async says(line: string) {
      while (!output.includes(`${line}\n`)) await once(child.stdout, 'data')
    },
  }
}
