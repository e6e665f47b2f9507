import { Flags } from '@oclif/core'
import type { ListenPlace } from '../http/listen.js'
import { parsePlace } from '../metrics/place.js'

/** `--metrics [HOST:]PORT`, of every command that runs for long. */
export const metricsFlag = Flags.custom<ListenPlace>({
  env: 'DTSTREAM_METRICS',
  helpValue: '[HOST:]PORT',
  description: 'serve metrics for Prometheus there, under /metrics; on loopback unless a host is named',
  parse: async (text) => parsePlace(text),
})
