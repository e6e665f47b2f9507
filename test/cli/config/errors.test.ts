import type { Command } from '@oclif/core'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { BaseCommand } from '../../../src/cli/base-command.js'
import { checkConfig } from '../../../src/cli/config/check-config.js'
import type { KnownCommands } from '../../../src/cli/config/commands.js'
import { parseConfig } from '../../../src/cli/config/parse-config.js'
import { profileOf } from '../../../src/cli/config/settings.js'
import { ExpectedError } from '../../../src/errors.js'
import { knownRealCommands } from '../../support/real-commands.js'

let known: KnownCommands
const loaded: string[] = []

beforeAll(async () => {
  known = await knownRealCommands((name) => loaded.push(name))
})

/** A command without flags runs: what stands in the file of others is checked all the same. */
class Running extends BaseCommand {
  async run(): Promise<void> {}
}

async function check(yaml: string): Promise<void> {
  const file = parseConfig(yaml, 'dtstream.yaml', '/work')
  const command: Command = new Running([], { bin: 'dtstream' } as Command['config'])
  await checkConfig(file, { known, common: BaseCommand.baseFlags, command })
  profileOf([file], undefined)
}

async function problem(yaml: string): Promise<ExpectedError> {
  const error = await check(yaml).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(ExpectedError)
  return error as ExpectedError
}

/** A file with something wrong in each line of its own; `^` below marks the column. */
describe('an error names line and column, and the nearest name', () => {
  it.each<[yaml: string, message: string, ...suggestions: string[]]>([
    // what is not known
    ['replay:\n  rat: 1/s', '2:3: replay.rat: replay does not have this flag', 'rate:'],
    ['all:\n  log: x\n  limt: 1', '3:3: all.limt: no command has this flag', 'limit:'],
    ['repaly: {rate: 1/s}', "1:1: there is no command 'repaly'", 'replay:'],
    [
      'topics list:\n  log: x\ntopics creat:\n  partitions: 1',
      "3:1: there is no command 'topics creat'",
      'topics create:',
    ],
    ['profile: a\nprofils:\n  a: {}', "2:1: there is no command 'profils'", 'profiles:'],
    ['profiles:\n  lab:\n    replai: {}', "3:5: there is no command 'replai'", 'replay:'],
    ['profiles:\n  lab:\n    replay:\n      sped: 1x', '4:7: replay.sped: replay does not have this flag', 'speed:'],
    [
      'profiles: {lab: {}, laptop: {}}\nprofile: laptp',
      "2:10: there is no profile 'laptp'; those there are: lab, laptop",
      'laptop',
    ],
    ['profile: lab', "1:10: there is no profile 'lab'; no config file has profiles"],
    ['watch: {rate: 1/s}', '1:9: watch.rate: watch does not have this flag'],
    ['? !!str <<\n: {log: x}', "1:9: there is no command '<<'"],
    // what no file sets
    ['all: {json: true}', '1:7: all.json: no file can set this flag'],
    ['replay: {config: x.yaml}', '1:10: replay.config: no file can set this flag'],
    ['replay: {profile: lab}', '1:10: replay.profile: no file can set this flag'],
    // wrong kinds
    ['process: {strict: 3}', '1:19: process.strict: true or false belongs there'],
    ['process: {strict: "true"}', '1:19: process.strict: true or false belongs there'],
    ['process: {strict: [true]}', '1:19: process.strict: true or false belongs there'],
    ['process:\n  group: true', '2:10: process.group: true is for switches, and this flag takes a value', '"true"'],
    ['replay: {limit: [1, 2]}', '1:17: replay.limit: one value belongs there, not a list'],
    ['process: {to: []}', '1:15: process.to: the list is empty'],
    ['process: {to: [a, {b: c}]}', '1:19: process.to: a value belongs there'],
    ['process: {to: [a, ]}\nreplay: {limit: {a: 1}}', '2:17: replay.limit: a value belongs there'],
    ['replay:\n  limit:\n  rate: 1/s', '2:3: replay.limit: a value belongs there'],
    ['replay: {limit: ~}', '1:17: replay.limit: a value belongs there'],
    ['all: 3', '1:6: all: flags belong there', 'replay: {rate: 1000/s}'],
    ['all: [log]', '1:6: all: flags belong there', 'replay: {rate: 1000/s}'],
    ['- replay', '1:1: sections named after commands belong there', 'replay: {rate: 1000/s}'],
    ['just text', '1:1: sections named after commands belong there', 'replay: {rate: 1000/s}'],
    ['profiles: [lab]', '1:11: profiles: profiles by name belong there', 'replay: {rate: 1000/s}'],
    ['profiles:\n  lab: x', '2:8: lab: sections named after commands belong there', 'replay: {rate: 1000/s}'],
    ['profile:\nall: {}', '1:1: profile: the name of one belongs there'],
    ['profile: [a]', '1:10: profile: the name of one belongs there'],
    ['? [a]\n: {}', '1:3: a name belongs there, without blanks around it'],
    ['\u2000: $', '1:1: a name belongs there, without blanks around it'],
    ['replay: {" rate": 1/s}', '1:10: a name belongs there, without blanks around it'],
    // values, by what reads them from arguments
    [
      'replay:\n  rate: fast',
      "2:9: replay.rate: 'fast' is not a rate: a number and a unit of time belong there",
      '1000/s, 1k/s, 60000/min or max',
    ],
    ['process: {workers: 65}', "1:20: process.workers: '65' is too large: 64 is the most"],
    ['process:\n  idle: "1ms"', "2:9: process.idle: '1ms' is too small: 100ms is the least"],
    ['replay:\n    format: xml', "2:13: replay.format: 'xml' is not one of row, lines, arrow, daq"],
    [
      'topics create: {partitions: few}',
      "1:29: topics create.partitions: 'few' is not a count: a whole number belongs there",
    ],
    ['profiles:\n  a:\n    demo:\n      rate: 2M/s', "4:13: demo.rate: '2M/s' is too large: 1.00 M/s is the most"],
    ['all:\n  rate: max', "2:9: all.rate (of demo): 'max' is too large: 1.00 M/s is the most"],
    ['all: {to: [a, b]}', '1:11: all.to (of replay): one value belongs there, not a list'],
    [
      'replay: {limit: &n none}\nprofiles: {a: {replay: {batch: *n}}}',
      "1:20: replay.limit: 'none' is not a count: a whole number belongs there",
    ],
    // what excludes each other
    ['replay: {rate: 1/s, speed: 2x}', '1:10: replay.rate: it cannot stand together with speed'],
    [
      'profiles: {a: {process: {from-end: true, from-beginning: true}}}',
      '1:26: process.from-end: it cannot stand together with from-beginning',
    ],
    // twice
    ['all: {log: a}\nreplay: {}\nall: {log: b}', '3:1: all: this key stands there twice'],
    ['all:\n  log: a\n  log: b', '3:3: log: this key stands there twice'],
    ['profiles:\n  lab: {}\n  "lab": {}', '3:3: lab: this key stands there twice'],
    // YAML
    ['replay: {rate', '1:14: this is not YAML: '],
    ['replay:\n\trate: 1/s', '2:1: this is not YAML: '],
    ['all:\n  log: a\n   run: b', '2:8: this is not YAML: '],
    ['all: {log: "a}', '1:15: this is not YAML: '],
    ['all: {log: *where}', '1:12: '],
    ['all: {log: !env HOME}', '1:12: this is not YAML: '],
    ['all: {}\n---\nall: {}', '2:1: this is not YAML: '],
    ['all:\r\n  log: a\r\n  lgo: b', '3:3: all.lgo: no command has this flag', 'log:'],
  ])('%j', async (yaml, message, ...suggestions) => {
    const error = await problem(yaml)
    if (message.endsWith(': ')) expect(error.message.startsWith(`dtstream.yaml:${message}`), error.message).toBe(true)
    else expect(error.message).toBe(`dtstream.yaml:${message}`)
    expect(error.message).not.toContain('\n')
    if (suggestions.length > 0) expect(error.suggestions).toEqual(suggestions)
    expect(error.exit).toBe(2)
  })
})

it('accepts whatever is right, for any command and in any profile', async () => {
  await check(`
profile: lab
all: {log: ./log, run: run.yaml, kafka-property: [client.id=me]}
topics create: {partitions: 4, retention: 7d}
profiles:
  lab:
    all: {bootstrap-server: "b:9092"}
    replay: {speed: 2x}
  laptop:
`)
})

it('loads the code of those commands alone that the file sets flags of', async () => {
  loaded.length = 0
  await check('all: {log: x, run: r.yaml}\nwatch: {from-end: true, log: y}\nreplay: {}')
  expect(new Set(loaded)).toEqual(new Set(['watch', 'audit', 'demo', 'merge', 'process', 'replay']))
  loaded.length = 0
  await check('all: {log: x, bootstrap-server: "b:1"}\naudit: {log: y}')
  expect(loaded).toEqual([])
})

it('has a place within the text for whatever is wrong with it', async () => {
  const piece = fc.oneof(
    fc.constantFrom('all', 'replay', 'profiles', 'profile', 'rate', 'to', 'log', 'strict', 'lab', '1/s', 'true', '~'),
    fc.constantFrom(
      ': ',
      ':\n  ',
      '\n',
      '  ',
      '{',
      '}',
      '[',
      ']',
      ', ',
      '- ',
      '&a ',
      '*a',
      '!x ',
      '"',
      "'",
      '#',
      '---\n',
      '|',
      '\t',
      '\r\n',
      '? ',
    ),
    fc.string({ maxLength: 3, unit: 'grapheme' }),
  )
  const text = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(''))
  let refused = 0
  await fc.assert(
    fc.asyncProperty(text, async (yaml) => {
      const error = await check(yaml).then(
        () => undefined,
        (reason: unknown) => reason as Error,
      )
      if (!error) return
      refused++
      const [, line, column] = /^dtstream\.yaml:(\d+):(\d+): \S/.exec(error.message) ?? []
      const lines = yaml.split('\n')
      expect(error).toBeInstanceOf(ExpectedError)
      expect(Number(line), error.message).toBeGreaterThanOrEqual(1)
      expect(Number(line), error.message).toBeLessThanOrEqual(lines.length)
      expect(Number(column)).toBeGreaterThanOrEqual(1)
      expect(Number(column)).toBeLessThanOrEqual(lines[Number(line) - 1].length + 1)
    }),
    { numRuns: 1000 },
  )
  expect(refused).toBeGreaterThan(100)
})
