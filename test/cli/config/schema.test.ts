import { beforeAll, describe, expect, it } from 'vitest'
import { flagsOf, NOT_IN_FILE } from '../../../src/cli/config/commands.js'
import { configSchema, type DescribedCommands } from '../../../src/cli/config/schema.js'
import { realCommands } from '../../support/real-commands.js'

interface Mapping {
  type: string[]
  additionalProperties: boolean
  properties: Record<string, Mapping & { allOf?: unknown[]; description?: string }>
}

let commands: DescribedCommands
let schema: Mapping & { definitions: { sections: Mapping } }

beforeAll(async () => {
  commands = new Map([...(await realCommands())].map(([name, command]) => [name, flagsOf(command)]))
  schema = configSchema(commands) as unknown as typeof schema
})

describe('the schema of config files', () => {
  it('has a section for each command, for all, and the same in profiles', () => {
    const sections = ['all', ...commands.keys()].sort()
    expect(Object.keys(schema.properties).sort()).toEqual([...sections, 'profile', 'profiles'].sort())
    expect(Object.keys(schema.definitions.sections.properties).sort()).toEqual(sections)
    expect([schema.additionalProperties, schema.definitions.sections.additionalProperties]).toEqual([false, false])
  })

  it('has each flag of a command that a file can set, and what it means', () => {
    expect(commands.size).toBeGreaterThan(10)
    for (const [name, flags] of commands) {
      const expected = Object.entries(flags).filter(([flag, { hidden }]) => !hidden && !NOT_IN_FILE.includes(flag))
      const { properties, additionalProperties } = schema.properties[name]
      expect(additionalProperties).toBe(false)
      expect(Object.keys(properties).sort()).toEqual(expected.map(([flag]) => flag).sort())
      for (const [flag, { description }] of expected) expect(properties[flag].description).toBe(description)
    }
  })

  it('has the kind of each value; in all, that which suits every command', () => {
    const { all, replay, process } = schema.properties
    const text = { type: ['string', 'number'] }
    const texts = { anyOf: [text, { type: 'array', items: text, minItems: 1 }] }
    expect(replay.properties.loop.allOf).toEqual([{ type: 'boolean' }])
    expect(replay.properties.format.allOf).toEqual([{ enum: ['row', 'lines', 'arrow', 'daq'] }])
    expect(replay.properties.rate.allOf).toEqual([text])
    expect(process.properties.to.allOf).toEqual([texts])
    expect(new Set(all.properties.to.allOf)).toEqual(new Set([texts, text]))
    expect(all.properties.log.allOf).toEqual([text])
  })
})
