import { z } from 'zod'
import { ExpectedError } from '../errors.js'
import { POLICY_OPTIONS } from '../sinks/policy/policy.js'
import type { SinkSpec } from '../sinks/sink.js'
import type { SourceSpec } from '../sources/source.js'
import { CONTRACT } from './version.js'

/** What a plug-in's package exports. */
export interface PluginExports {
  contract: typeof CONTRACT
  sinks?: readonly SinkSpec[]
  sources?: readonly SourceSpec[]
}

const text = z.string({ error: missingOr('text') }).min(1, 'it is empty')
const spec = {
  scheme: text.regex(/^[a-z][a-z0-9]+$/, 'a scheme is of small letters and digits, two at least'),
  usage: text,
  summary: text,
  options: z.record(z.string(), z.string({ error: missingOr('text') }), { error: missingOr('an object') }),
}
const list = <T extends z.ZodType>(item: T) => z.array(item, { error: missingOr('a list') }).optional()
const notReserved = spec.options.refine(
  (options) => !Object.keys(POLICY_OPTIONS).some((name) => name in options),
  `${Object.keys(POLICY_OPTIONS).join(', ')} are options that every sink has`,
)
const schema = z.object({
  sinks: list(
    z.object({ ...spec, options: notReserved, open: z.custom(isFunction, { error: missingOr('a function') }) }),
  ),
  sources: list(z.object({ ...spec, parts: z.custom(isFunction, { error: missingOr('a function') }) })),
})

/**
 * Checks what a package exports.
 * @param name the plug-in, for messages
 * @throws ExpectedError which names the field, where it is no plug-in or made for another version of the contract
 */
export function readExports(name: string, exported: Record<string, unknown>): PluginExports {
  const { contract, sinks, sources } = exported
  if (sinks === undefined && sources === undefined)
    throw new ExpectedError(`${name} is no plug-in of dtstream: it exports neither sinks nor sources`, [SEE])
  if (contract !== CONTRACT) {
    const what = contract === undefined ? 'it does not export which version' : `it is made for version ${contract}`
    throw new ExpectedError(`${name} is not made for version ${CONTRACT} of the contract with plug-ins: ${what}`, [
      contract === undefined ? `export const contract = ${CONTRACT}` : 'install a version of it for this dtstream',
    ])
  }
  const { error } = schema.safeParse({ sinks, sources })
  if (error) {
    const [{ path, message }] = error.issues
    throw new ExpectedError(`${name}: ${fieldName(path)}: ${message}`, [SEE])
  }
  // not the schema's copy, which would take methods from what they belong to
  return exported as unknown as PluginExports
}

const SEE = 'docs/plugins.md says what a plug-in exports'

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function missingOr(wanted: string): (issue: { input?: unknown }) => string {
  return ({ input }) => (input === undefined ? 'it is missing' : `it is not ${wanted}`)
}

/** `sinks[0].options.ttl` */
function fieldName(path: readonly PropertyKey[]): string {
  return path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .slice(1)
}
