import { Writable } from 'node:stream'
import xterm from '@xterm/headless'
import type { LiveStream } from '../../src/cli/live-line.js'

/** A stream that is a terminal: what is written to it is laid out on a screen that can be read. */
export function fakeTerminal(columns: number, rows: number) {
  const screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true })
  let written = ''
  const output = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      written += chunk
      screen.write(chunk)
      done()
    },
  })
  const stream: LiveStream = Object.assign(output, { isTTY: true, columns })
  return {
    stream,
    /** Everything written, control sequences and all. */
    written: () => written,
    /** The lines on the screen down to the last that is not empty, once all that was written has arrived. */
    async lines(): Promise<string[]> {
      await new Promise<void>((resolve) => screen.write('', resolve))
      const buffer = screen.buffer.active
      const all = Array.from({ length: buffer.length }, (_, y) => buffer.getLine(y)?.translateToString(true) ?? '')
      return all.join('\n').trimEnd().split('\n')
    },
  }
}

/** A stream that is no terminal: a pipe or a file. */
export function fakePipe() {
  let written = ''
  const stream: LiveStream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      written += chunk
      done()
    },
  })
  return { stream, lines: () => written.split('\n').slice(0, -1) }
}

/** A clock that goes on by hand, ms. */
export function handClock(startMs = 0) {
  let nowMs = startMs
  return {
    now: () => nowMs,
    advance(ms: number) {
      nowMs += ms
    },
  }
}
