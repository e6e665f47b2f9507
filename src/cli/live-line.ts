/** Where live output goes: standard error, or what a test puts in its place. */
export interface LiveStream extends NodeJS.WritableStream {
  isTTY?: boolean
  columns?: number
}

/** Between two plain lines where there is no terminal. */
export const PLAIN_EVERY_MS = 5000

/** One line that changes while a command runs. */
export interface LiveLine {
  /** Shows the text: in place on a terminal, else as a line of its own, at most one in 5 s. */
  update(text: string): void
  /** A line that stays, above the live one. */
  note(text: string): void
  /** Leaves the newest text standing; nothing is written afterwards. */
  stop(): void
}

/** A live line for the stream as it is: a terminal or not. `now` is a clock in ms that does not go back. */
export function createLiveLine(stream: LiveStream, now: () => number): LiveLine {
  return stream.isTTY ? new InPlace(stream) : new Plain(stream, now)
}

/** For `--json` and `--no-progress`: notes alone are written. */
export function createSilentLine(stream: LiveStream): LiveLine & { update(): void } {
  return {
    update() {},
    note(text) {
      stream.write(`${text}\n`)
    },
    stop() {},
  }
}

class InPlace implements LiveLine {
  readonly #stream: LiveStream
  #text = ''

  constructor(stream: LiveStream) {
    this.#stream = stream
  }

  update(text: string): void {
    if (text === this.#text) return
    this.#text = text
    this.#draw()
  }

  note(text: string): void {
    this.#stream.write(`\r\x1b[K${text}\n`)
    this.#draw()
  }

  stop(): void {
    if (this.#text) this.#stream.write('\n')
    this.#text = ''
  }

  /** Cut to the width: a line that wraps could not be written over. */
  #draw(): void {
    if (this.#text) this.#stream.write(`\r\x1b[K${this.#text.slice(0, (this.#stream.columns ?? 80) - 1)}`)
  }
}

class Plain implements LiveLine {
  readonly #stream: LiveStream
  readonly #now: () => number
  #writtenAtMs: number
  #written = ''
  #text = ''

  /** The first line comes after 5 s, so that a short command writes its last one only. */
  constructor(stream: LiveStream, now: () => number) {
    this.#stream = stream
    this.#now = now
    this.#writtenAtMs = now()
  }

  update(text: string): void {
    this.#text = text
    if (this.#now() - this.#writtenAtMs >= PLAIN_EVERY_MS) this.#write()
  }

  note(text: string): void {
    this.#stream.write(`${text}\n`)
  }

  stop(): void {
    if (this.#text !== this.#written) this.#write()
  }

  #write(): void {
    this.#writtenAtMs = this.#now()
    this.#written = this.#text
    this.#stream.write(`${this.#text}\n`)
  }
}
