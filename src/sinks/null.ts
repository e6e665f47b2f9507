import type { Sink, SinkSpec } from './sink.js'

/** Drops results, and tells how many there were. */
export interface NullSink extends Sink {
  readonly written: number
}

export const spec: SinkSpec = {
  scheme: 'null',
  usage: 'null:',
  summary: 'nowhere: results are counted and dropped, to measure all that comes before',
  options: {},
  async open(uri): Promise<NullSink> {
    let written = 0
    return {
      name: uri.text,
      durable: 'write',
      get written() {
        return written
      },
      async write() {
        written++
      },
      async close() {},
      async abort() {},
    }
  },
}
