import { expect } from 'vitest'
import { Cli, type Ended } from '../../support/built-cli.js'

/** How a command that cannot do what it should has to end. */
export interface Refusal {
  /** the one sentence, or its beginning */
  sentence: string | RegExp
  /** what may not be shown */
  secrets?: readonly string[]
  /** ms */
  within: number
}

/** Lines are not broken, so that a sentence can be looked for. */
export const wideCli = (env: Record<string, string> = {}): Cli => new Cli({ OCLIF_COLUMNS: '2000', ...env })

/** Runs a command, which must refuse: exit code 1, the sentence, what to try, no secret, no stack trace, soon. */
export async function expectRefusal(cli: Cli, args: readonly string[], refusal: Refusal): Promise<Ended> {
  const since = performance.now()
  const ended = await cli.run(...args)
  const took = performance.now() - since
  const { stdout, stderr, code } = ended
  const said = `${stdout}\n${stderr}`
  const errors = stderr.split('\n').filter((line) => /^ ›\s+Error: /.test(line))
  expect(errors, said).toHaveLength(1)
  const sentence = errors[0].replace(/^ ›\s+Error: /, '')
  if (typeof refusal.sentence === 'string') expect(sentence).toContain(refusal.sentence)
  else expect(sentence).toMatch(refusal.sentence)
  expect(said).toMatch(/ ›\s+Try this:/)
  expect(said).not.toMatch(/^\s+at /m)
  for (const secret of refusal.secrets ?? []) expect(said.includes(secret)).toBe(false)
  expect(code, said).toBe(1)
  expect(took).toBeLessThan(refusal.within)
  return ended
}
