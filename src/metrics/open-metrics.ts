import type { ListenPlace } from '../http/listen.js'
import { Metrics } from './metrics.js'
import { type MetricsServer, serveExposition } from './server.js'

/**
 * Metrics of a command, and their server.
 * @throws ExpectedError where they cannot be served there
 */
export async function openMetrics(
  place: ListenPlace,
  info: { command: string; version: string },
): Promise<{ metrics: Metrics; server: MetricsServer }> {
  const metrics = new Metrics(info)
  return { metrics, server: await serveExposition(place, metrics) }
}
