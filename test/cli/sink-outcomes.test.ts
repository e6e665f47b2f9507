import { expect, it } from 'vitest'
import { outcomesInWords } from '../../src/cli/sink-outcomes.js'
import type { OpenedSink, SinkOutcomes } from '../../src/sinks/policy/guarded-sink.js'

const sink = (name: string, outcomes?: Partial<SinkOutcomes>): OpenedSink => ({
  name,
  durable: 'write',
  ...(outcomes && { outcomes: { name, written: 0, retried: 0, fallenBack: 0, dropped: 0, ...outcomes } }),
  write: async () => undefined,
  close: async () => undefined,
  abort: async () => undefined,
})

it('names the sinks that results did not simply go to, and what became of them', () => {
  expect(
    outcomesInWords([
      sink('topic:data_clean'),
      sink('null:', { written: 7 }),
      sink('postgres://db.lab/runs?retries=3', { written: 12_000, retried: 3, fallenBack: 1 }),
      sink('statsd://lab', { dropped: 2 }),
    ]),
  ).toEqual(['postgres: 12.0 k written, 3 retried, 1 fallen back', 'statsd: 2 dropped'])
})
