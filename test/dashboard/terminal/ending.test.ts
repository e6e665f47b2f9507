import { describe, expect, it } from 'vitest'
import { PtyCommand } from '../../support/terminal.js'

/** The script on a pseudo-terminal; once it has ended, the mode of the terminal is printed. */
function start(ending: string): PtyCommand {
  const script = `node --import tsx test/dashboard/terminal/on-a-terminal.ts ${ending}`
  return new PtyCommand(`sh -c '${script}; code=$?; stty -a | grep -o " icanon"; exit $code'`)
}

/** The alternate buffer is left, the cursor visible, the mouse the terminal's own, and the terminal reads lines again. */
function expectGivenBack({ screen, written }: PtyCommand): void {
  expect(screen.buffer).toBe('normal')
  expect(written.lastIndexOf('\x1b[?25h')).toBeGreaterThan(written.lastIndexOf('\x1b[?25l'))
  expect(screen.term.modes.mouseTrackingMode).toBe('none')
  for (const mode of ['?1000', '?1006']) {
    expect(written).toContain(`\x1b[${mode}h`)
    expect(written.lastIndexOf(`\x1b[${mode}l`)).toBeGreaterThan(written.lastIndexOf(`\x1b[${mode}h`))
  }
  expect(screen.text()).toMatch(/^ icanon$/m)
  expect(screen.text()).not.toMatch(/[│┌·]/)
}

describe.concurrent('the terminal is given back', () => {
  it.each([
    ['q', 'q', 'quit', 0],
    ['Ctrl-C', '\x03', 'interrupt', 130],
  ])('after %s', async (_name, key, reason, code) => {
    const command = start('')
    await command.until(/● live/)
    expect(command.screen.buffer).toBe('alternate')
    command.type(key)
    expect(await command.ended).toBe(code)
    expectGivenBack(command)
    expect(command.screen.text()).toContain(`closed: ${reason}`)
  })

  it.each([
    ['SIGTERM', 'terminate', 143],
    ['SIGINT', 'interrupt', 130],
  ] as const)('after %s', async (signal, reason, code) => {
    const command = start('')
    await command.until(/● live/)
    const [, pid] = await command.until(/pid (\d+)\./)
    process.kill(Number(pid), signal)
    expect(await command.ended).toBe(code)
    expectGivenBack(command)
    expect(command.screen.text()).toContain(`closed: ${reason}`)
  })

  it.each([
    ['throws', 'Error: something broke in a timer', 1],
    ['rejects', 'Error: something was rejected', 1],
    ['handles', 'handled: something broke in a timer', 7],
  ])('before an error is printed that nobody caught: something %s', async (ending, message, code) => {
    const command = start(ending)
    expect(await command.ended).toBe(code)
    expectGivenBack(command)
    expect(command.screen.text()).toContain(message)
    expect(command.written.lastIndexOf(message)).toBeGreaterThan(command.written.lastIndexOf('\x1b[?1049l'))
    expect(command.written).toContain('● live')
  })

  it('when the process exits by itself', async () => {
    const command = start('exits')
    expect(await command.ended).toBe(5)
    expectGivenBack(command)
  })
})
