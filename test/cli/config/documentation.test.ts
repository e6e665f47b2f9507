import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Command } from '@oclif/core'
import { describe, expect, it } from 'vitest'
import { BaseCommand } from '../../../src/cli/base-command.js'
import { checkConfig } from '../../../src/cli/config/check-config.js'
import { parseConfig } from '../../../src/cli/config/parse-config.js'
import { profileOf } from '../../../src/cli/config/settings.js'
import { knownRealCommands } from '../../support/real-commands.js'

const TEXT = readFileSync(fileURLToPath(new URL('../../../docs/configuration.md', import.meta.url)), 'utf8')
const EXAMPLES = [...TEXT.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, yaml]) => yaml)

describe('docs/configuration.md', () => {
  it('has examples', () => {
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(2)
    expect(EXAMPLES.join()).toContain('profiles:')
  })

  it.each(EXAMPLES)('has only examples that are right: %s', async (yaml) => {
    const file = parseConfig(yaml, 'dtstream.yaml', '/work')
    const command = new Running([], { bin: 'dtstream' } as Command['config'])
    await checkConfig(file, { known: await knownRealCommands(), common: BaseCommand.baseFlags, command })
    expect(file.sections.length).toBeGreaterThan(1)
    expect(profileOf([file], undefined)?.name).toBe(file.defaultProfile?.name)
  })
})

class Running extends BaseCommand {
  async run(): Promise<void> {}
}
