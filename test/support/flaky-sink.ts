import type { Result } from '../../src/core/results/result.js'
import { TransientError } from '../../src/errors.js'
import type { SinkSpec } from '../../src/sinks/sink.js'
import { seeded } from './built-cli.js'

/** Why a try fails: for a reason that may pass, or for one that will not; undefined where it does not. */
export type Failure = 'passing' | 'lasting' | undefined

/** A sink as a plug-in would bring it, which keeps what it takes, and does not take everything. */
export interface FlakySink {
  spec: SinkSpec
  kept: Result[]
  /** tries, those that failed too */
  tries: number
}

/** @param fails asked at each try */
export function flakySink(scheme: string, fails: (result: Result) => Failure): FlakySink {
  const sink: FlakySink = {
    kept: [],
    tries: 0,
    spec: {
      scheme,
      usage: `${scheme}:`,
      summary: 'a sink that fails now and then',
      options: {},
      async open({ text }) {
        return {
          name: text,
          durable: 'write',
          async write(result) {
            sink.tries++
            const failure = fails(result)
            if (failure === 'passing') throw new TransientError(`cannot write ${text}: it is away`, ['start it'])
            if (failure === 'lasting') throw new Error(`${text} does not like result ${result.msg_ID}`)
            sink.kept.push(result)
          },
          async close() {},
          async abort() {},
        }
      },
    },
  }
  return sink
}

/** Fails for reasons that pass, with this probability. */
export function failsSometimes(share: number, seed: number): (result: Result) => Failure {
  const random = seeded(seed)
  return () => (random() < share ? 'passing' : undefined)
}
