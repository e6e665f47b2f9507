import { describeSinks } from '../sinks/registry.js'
import { describeSources } from '../sources/registry.js'
import { describeResultsSources } from '../sources/results/read-results.js'
import type { Plugin } from './load-plugins.js'

/** Something that a URI can name. */
export interface ListedScheme {
  kind: 'source of rows' | 'source of results' | 'sink of results'
  scheme: string
  /** `built in`, or the plug-in that brings it */
  from: string
  usage: string
  summary: string
  /** each described */
  options: Record<string, string>
}

/** All that there is, dtstream's own first. */
export async function listSchemes(plugins: readonly Plugin[]): Promise<ListedScheme[]> {
  const [sources, results, sinks] = await Promise.all([describeSources(), describeResultsSources(), describeSinks()])
  return [
    ...listed('source of rows', 'built in', sources),
    ...plugins.flatMap((plugin) => listed('source of rows', plugin.name, plugin.sources)),
    ...listed('source of results', 'built in', results),
    ...listed('sink of results', 'built in', sinks),
    ...plugins.flatMap((plugin) => listed('sink of results', plugin.name, plugin.sinks)),
  ]
}

type Described = Pick<ListedScheme, 'scheme' | 'usage' | 'summary' | 'options'>

function listed(kind: ListedScheme['kind'], from: string, specs: readonly Described[]): ListedScheme[] {
  return specs.map(({ scheme, usage, summary, options }) => ({ kind, scheme, from, usage, summary, options }))
}
