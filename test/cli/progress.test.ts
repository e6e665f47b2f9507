import { describe, expect, it } from 'vitest'
import { createProgress, formatProgress } from '../../src/cli/progress.js'
import { fakePipe, fakeTerminal, handClock } from '../support/fake-terminal.js'

const BASE = { label: 'replay', shown: true }

describe('createProgress on a terminal', () => {
  it('draws a bar with rows, rate now and wanted, and the time left', async () => {
    const terminal = fakeTerminal(100, 10)
    const clock = handClock()
    const progress = await createProgress({
      ...BASE,
      total: 10_000,
      wanted: 1000,
      stream: terminal.stream,
      now: clock.now,
    })
    clock.advance(2000)
    progress.update(2500)
    progress.stop()
    const [line] = await terminal.lines()
    expect(line).toMatch(/^replay █{8}░{22} {2}25 % 2500 of 10\.0 k rows, 1250\/s of 1000\/s, 6 s left$/)
  })

  it('draws a block that wanders where the total is not known', async () => {
    const places: number[] = []
    for (const atMs of [0, 750, 1500, 2250]) {
      const terminal = fakeTerminal(80, 10)
      const progress = await createProgress({ ...BASE, stream: terminal.stream, now: handClock(atMs).now })
      progress.stop()
      const [line] = await terminal.lines()
      const bar = /^replay ([█░]{30}) 0 rows, 0\/s$/.exec(line)?.[1] ?? ''
      expect(bar).toMatch(/^░*███░*$/)
      places.push(bar.indexOf('█'))
    }
    expect(places).toEqual([0, 14, 27, 14])
  })

  it('draws by itself while rows come', async () => {
    const terminal = fakeTerminal(100, 10)
    const progress = await createProgress({ ...BASE, total: 100, stream: terminal.stream })
    progress.update(42)
    await expect.poll(async () => (await terminal.lines())[0], { timeout: 20_000 }).toContain('42 of 100 rows')
    progress.stop()
  })

  it('leaves notes above it, and the cursor below it', async () => {
    const terminal = fakeTerminal(100, 10)
    const progress = await createProgress({ ...BASE, total: 4, stream: terminal.stream, now: handClock().now })
    progress.note('3 malformed rows')
    progress.note('and one more')
    progress.update(4)
    progress.stop()
    progress.stop()
    terminal.stream.write('after\n')
    const lines = await terminal.lines()
    expect(lines).toEqual(['3 malformed rows', 'and one more', expect.stringContaining('100 % 4 of 4 rows'), 'after'])
  })

  it('gives cursor and line wrapping back, also when the process ends under it', async () => {
    const terminal = fakeTerminal(100, 10)
    const listeners = process.listenerCount('exit')
    await createProgress({ ...BASE, total: 4, stream: terminal.stream })
    expect(terminal.written()).toContain('\x1b[?25l')
    const atExit = process.listeners('exit')[listeners]
    atExit(0)
    expect(terminal.written()).toContain('\x1b[?25h\x1b[?7h')
    expect(process.listenerCount('exit')).toBe(listeners)
  })

  it('fits a narrow terminal', async () => {
    const terminal = fakeTerminal(50, 10)
    const progress = await createProgress({ ...BASE, total: 100, stream: terminal.stream, now: handClock().now })
    progress.stop()
    expect(await terminal.lines()).toEqual(['replay ░░░░░░░░░░░░░░░░░   0 % 0 of 100 rows, 0/s'.slice(0, 50)])
  })
})

describe('createProgress over bytes', () => {
  const bytes = { total: 90_000_000, from: 0 }

  it('draws a bar of them, with rows beside it', async () => {
    const terminal = fakeTerminal(120, 10)
    const clock = handClock()
    const progress = await createProgress({ ...BASE, bytes, stream: terminal.stream, now: clock.now })
    clock.advance(1000)
    progress.update(1_200_000, 30_000_000)
    progress.stop()
    const [line] = await terminal.lines()
    expect(line).toMatch(/^replay █{10}░{20} {2}33 % 1\.20 M rows, 1\.20 M\/s, 30\.0 MB of 90\.0 MB, 2 s left$/)
  })

  it('writes them as a plain line elsewhere, and does not take for speed what was done before', async () => {
    const pipe = fakePipe()
    const clock = handClock()
    const options = { ...BASE, from: 1000, bytes: { ...bytes, from: 45_000_000 } }
    const progress = await createProgress({ ...options, stream: pipe.stream, now: clock.now })
    clock.advance(1000)
    progress.update(2000, 54_000_000)
    progress.stop()
    expect(pipe.lines()).toEqual(['replay: 60 %, 2000 rows, 1000/s, 54.0 MB of 90.0 MB, 4 s left'])
  })
})

describe('createProgress elsewhere', () => {
  it('writes the last state as one plain line', async () => {
    const pipe = fakePipe()
    const clock = handClock()
    const progress = await createProgress({ ...BASE, total: 8, stream: pipe.stream, now: clock.now })
    clock.advance(1000)
    progress.update(2)
    progress.note('a note')
    progress.stop()
    progress.stop()
    expect(pipe.lines()).toEqual(['a note', 'replay: 25 %, 2 of 8 rows, 2.0/s, 3 s left'])
  })

  it.each([true, false])('writes notes alone where it is not shown (terminal: %s)', async (isTerminal) => {
    const terminal = fakeTerminal(60, 10)
    const stream = Object.assign(terminal.stream, { isTTY: isTerminal })
    const progress = await createProgress({ label: 'replay', total: 8, shown: false, stream })
    progress.update(4)
    progress.note('this matters')
    progress.stop()
    expect(terminal.written()).toBe('this matters\n')
  })

  it('does not take for speed what was done before', async () => {
    const pipe = fakePipe()
    const clock = handClock()
    const progress = await createProgress({ ...BASE, from: 5000, stream: pipe.stream, now: clock.now })
    clock.advance(1000)
    progress.update(5020)
    progress.stop()
    expect(pipe.lines()).toEqual(['replay: 5020 rows, 20/s'])
  })

  it('takes the words it is given', async () => {
    const pipe = fakePipe()
    const progress = await createProgress({
      ...BASE,
      format: ({ rows }) => `${rows} and counting`,
      stream: pipe.stream,
    })
    progress.update(3)
    progress.stop()
    expect(pipe.lines()).toEqual(['replay: 3 and counting'])
  })
})

describe('formatProgress', () => {
  const state = { rows: 12_345, total: undefined, rate: 998.4, wanted: undefined, bytes: undefined, leftMs: undefined }

  it.each([
    [state, '12.3 k rows, 998/s'],
    [{ ...state, wanted: 1000 }, '12.3 k rows, 998/s of 1000/s'],
    [{ ...state, wanted: Number.POSITIVE_INFINITY }, '12.3 k rows, 998/s'],
    [{ ...state, total: 100_000, leftMs: 87_000 }, '12.3 k of 100 k rows, 998/s, 1 min 27 s left'],
  ])('leaves out what is not known', (given, text) => {
    expect(formatProgress(given)).toBe(text)
  })
})
