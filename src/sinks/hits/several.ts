import type { HitsSink } from './hits-sink.js'
import { type HitsContext, openHitsSink } from './registry.js'

/**
 * Opens all places for hits, as one that has a part once all of them have it; where one cannot be opened, the others are
 * given up.
 * @throws ExpectedError as `openHitsSink`
 */
export async function openHitsSinks(uris: readonly string[], context: HitsContext): Promise<HitsSink> {
  const sinks: HitsSink[] = []
  const ofAll = (step: (sink: HitsSink) => Promise<void>) => Promise.all(sinks.map(step)).then(() => undefined)
  try {
    for (const uri of uris) sinks.push(await openHitsSink(uri, context))
  } catch (error) {
    await ofAll((sink) => sink.abort())
    throw error
  }
  return {
    name: uris.join(', '),
    write: (part) => ofAll((sink) => sink.write(part)),
    close: () => ofAll((sink) => sink.close()),
    abort: () => ofAll((sink) => sink.abort()),
  }
}
