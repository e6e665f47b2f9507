import { describe, expect, it } from 'vitest'
import { createStatusLine } from '../../src/cli/status-line.js'
import { fakePipe, fakeTerminal, handClock } from '../support/fake-terminal.js'

describe('createStatusLine', () => {
  it('rewrites one line in place on a terminal, notes staying above it', async () => {
    const terminal = fakeTerminal(60, 10)
    let rows = 10
    const status = createStatusLine({ format: () => `${rows} rows`, shown: true, stream: terminal.stream })
    status.refresh()
    expect(await terminal.lines()).toEqual(['10 rows'])
    status.note('worker 2 was replaced')
    rows = 9
    status.refresh()
    expect(await terminal.lines()).toEqual(['worker 2 was replaced', '9 rows'])
    rows = 12_000
    status.stop()
    terminal.stream.write('after')
    expect(await terminal.lines()).toEqual(['worker 2 was replaced', '12000 rows', 'after'])
  })

  it('cuts the line to the width, since one that wraps could not be written over', async () => {
    const terminal = fakeTerminal(20, 5)
    const status = createStatusLine({ format: () => 'x'.repeat(50), shown: true, stream: terminal.stream })
    status.refresh()
    expect(await terminal.lines()).toEqual(['x'.repeat(19)])
    status.stop()
  })

  it('writes plain lines elsewhere: at most one in 5 s, and the last', () => {
    const pipe = fakePipe()
    const clock = handClock()
    const status = createStatusLine({
      format: () => `at ${clock.now()}`,
      shown: true,
      stream: pipe.stream,
      now: clock.now,
    })
    for (let second = 0; second < 12; second++) {
      status.refresh()
      clock.advance(1000)
    }
    expect(pipe.lines()).toEqual(['at 5000', 'at 10000'])
    status.stop()
    status.stop()
    expect(pipe.lines()).toEqual(['at 5000', 'at 10000', 'at 12000'])
  })

  it('shows itself without being asked', async () => {
    const terminal = fakeTerminal(60, 10)
    const status = createStatusLine({ format: () => 'here', shown: true, stream: terminal.stream })
    await expect.poll(() => terminal.lines(), { timeout: 20_000 }).toEqual(['here'])
    status.stop()
  })

  it.each([true, false])('writes notes alone where it is not shown (terminal: %s)', async (isTerminal) => {
    const terminal = fakeTerminal(60, 10)
    const stream = Object.assign(terminal.stream, { isTTY: isTerminal })
    const status = createStatusLine({ format: () => 'never', shown: false, stream })
    status.refresh()
    status.note('this matters')
    status.stop()
    expect(terminal.written()).toBe('this matters\n')
  })
})
