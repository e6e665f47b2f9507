import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Flags } from '@oclif/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BaseCommand } from '../../src/cli/base-command.js'
import { countFlag, durationFlag, rateFlag } from '../../src/cli/flags.js'
import { ExpectedError } from '../../src/errors.js'
import { runInProcess } from '../support/in-process.js'

let folder: string
const endings: string[] = []

class Probe extends BaseCommand {
  static override flags = {
    rate: rateFlag(),
    idle: durationFlag({ min: 1, max: 60_000 }),
    limit: countFlag(),
    format: Flags.string({ options: ['row', 'lines'], default: 'row' }),
    fail: Flags.string(),
  }

  async run(): Promise<Record<string, unknown>> {
    const { flags } = await this.parse(Probe)
    this.atEnd(() => endings.push('first'))
    this.atEnd(() => endings.push('second'))
    if (flags.fail === 'expected') throw new ExpectedError('the disk is full', ['less data', 'a larger disk'], 1)
    if (flags.fail === 'usage') throw new ExpectedError('that makes no sense', [], 2)
    if (flags.fail === 'unforeseen') throw new TypeError('x is not a function')
    if (flags.fail === 'text') throw 'a bare text'
    return { ...flags }
  }
}

const run = (...argv: string[]) => runInProcess((config) => Probe.run(argv, config), folder)

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dtstream-base-command-'))
  endings.length = 0
})

afterEach(() => rm(folder, { recursive: true }))

describe('errors', () => {
  it.each([
    ['expected', 'the disk is full', ['less data', 'a larger disk'], 1],
    ['usage', 'that makes no sense', [], 2],
    ['unforeseen', 'this should not have happened: x is not a function', [expect.stringContaining('DEBUG=*')], 1],
    ['text', 'this should not have happened: a bare text', [expect.stringContaining('DEBUG=*')], 1],
  ])('%s: one sentence, what to try, the exit code; the same as JSON', async (kind, message, suggestions, exit) => {
    const plain = await run('--fail', kind)
    expect(plain.error?.message).toBe(message)
    expect((plain.error as { suggestions?: unknown }).suggestions ?? []).toEqual(suggestions)
    expect(plain.code).toBe(exit)
    const json = await run('--fail', kind, '--json')
    expect(JSON.parse(json.stdout)).toEqual({ error: { message, suggestions, exit } })
    expect(json.code).toBe(exit)
  })

  it.each([
    [['--rat', '5'], 'dtstream probe does not have the flag --rat', ['--rate', 'dtstream probe --help']],
    [['--jsn'], 'dtstream probe does not have the flag --jsn', ['--json', 'dtstream probe --help']],
    [['--limit'], 'Flag --limit expects a value', undefined],
    [
      ['--rate', 'x'],
      "--rate: 'x' is not a rate: a number and a unit of time belong there",
      ['1000/s, 1k/s, 60000/min or max'],
    ],
    [['--idle', '0s'], "--idle: '0s' is too small: 1ms is the least", undefined],
    [['--format', 'xml'], 'Expected --format=xml to be one of: row, lines', ['dtstream probe --help']],
    [['extra'], 'Unexpected argument: extra', ['dtstream probe --help']],
  ])('wrong usage %j ends with 2 and says what to try', async (argv, message, suggestions) => {
    const { error, code } = await run(...argv)
    expect(error?.message).toBe(message)
    if (suggestions) expect(error).toMatchObject({ suggestions })
    expect(code).toBe(2)
    const json = await run(...argv, '--json')
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { message, exit: 2 } })
    expect(json.code).toBe(2)
  })
})

class Reader extends BaseCommand {
  static override flags = { fail: Flags.boolean() }

  async run(): Promise<{ name: string }> {
    const { flags } = await this.parse(Reader)
    const log = await this.openLog()
    const close = log.close.bind(log)
    log.close = () => {
      endings.push('log closed')
      return close()
    }
    expect(await this.openLog()).toBe(log)
    if (flags.fail) throw new Error('broken')
    return { name: log.name }
  }
}

describe('openLog', () => {
  it.each([[], ['--fail']])(
    'opens the log that --log names once, and closes it whatever happens: %j',
    async (...argv) => {
      const log = join(folder, 'log')
      const { result } = await runInProcess((config) => Reader.run([...argv, '--log', log], config), folder)
      expect(result).toEqual(argv.length > 0 ? undefined : { name: log })
      expect(endings).toEqual(['log closed'])
    },
  )
})

class BadEnding extends BaseCommand {
  static override flags = { fail: Flags.boolean() }

  async run(): Promise<void> {
    const { flags } = await this.parse(BadEnding)
    this.atEnd(() => endings.push('first'))
    this.atEnd(async () => {
      throw new ExpectedError('the disk is full at the end')
    })
    if (flags.fail) throw new ExpectedError('and before')
  }
}

describe('atEnd', () => {
  it.each([[], ['--fail', 'expected'], ['--fail', 'unforeseen', '--json']])(
    'runs everything, the last first, whatever happens: %j',
    async (...argv) => {
      await run(...argv)
      expect(endings).toEqual(['second', 'first'])
    },
  )

  it.each([
    [[], 'the disk is full at the end'],
    [['--fail'], 'and before'],
  ])('runs the others where one fails, and tells what went wrong first: %j', async (argv, message) => {
    const { error } = await runInProcess((config) => BadEnding.run(argv, config), folder)
    expect(error).toMatchObject({ message, oclif: { exit: 1 } })
    expect(endings).toEqual(['first'])
  })
})
