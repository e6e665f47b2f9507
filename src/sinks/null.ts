import type { SinkSpec } from './sink.js'

export const spec: SinkSpec = {
  scheme: 'null',
  usage: 'null:',
  summary: 'nowhere: results are counted and dropped, to measure all that comes before',
  options: {},
  async open(uri) {
    return {
      name: uri.text,
      durable: 'write',
      async write() {},
      async close() {},
      async abort() {},
    }
  },
}
