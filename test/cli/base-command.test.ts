import { mkdtemp, rm, writeFile } from 'node:fs/promises'
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
    rate: rateFlag({ env: 'PROBE_RATE', default: 1000, exclusive: ['speed'] }),
    speed: Flags.string({ exclusive: ['rate'] }),
    idle: durationFlag({ min: 1, max: 60_000 }),
    limit: countFlag(),
    to: Flags.string({ multiple: true }),
    format: Flags.string({ options: ['row', 'lines'], default: 'row' }),
    loop: Flags.boolean({ env: 'PROBE_LOOP' }),
    progress: Flags.boolean({ allowNo: true, default: true }),
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

function configure(yaml: string): Promise<void> {
  return writeFile(join(folder, 'config.yaml'), yaml)
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dtstream-base-command-'))
  endings.length = 0
})

afterEach(async () => {
  delete process.env.PROBE_RATE
  delete process.env.PROBE_LOOP
  await rm(folder, { recursive: true })
})

describe('where a flag has its value from', () => {
  it('is argv, else the environment, else the file, else the default', async () => {
    expect((await run()).result?.rate).toBe(1000)
    await configure('probe: {rate: 2k/s}')
    expect((await run()).result?.rate).toBe(2000)
    process.env.PROBE_RATE = '3k/s'
    expect((await run()).result?.rate).toBe(3000)
    expect((await run('--rate', '4k/s')).result?.rate).toBe(4000)
  })

  it('is the section of the command before the section for all', async () => {
    await configure('all: {rate: 5/s, limit: 7}\nprobe: {rate: 6/s}')
    expect((await run()).result).toMatchObject({ rate: 6, limit: 7 })
  })

  it('reads every kind of flag as argv would', async () => {
    await configure('probe: {idle: 2s, limit: 1.5k, to: [a, b], format: lines, loop: true, progress: false}')
    expect((await run()).result).toMatchObject({
      idle: 2000,
      limit: 1500,
      to: ['a', 'b'],
      format: 'lines',
      loop: true,
      progress: false,
    })
    await configure('probe: {to: alone}')
    expect((await run()).result?.to).toEqual(['alone'])
    expect((await run('--to', 'other')).result?.to).toEqual(['other'])
  })

  it('lets argv and environment say no to a switch of the file', async () => {
    await configure('probe: {progress: false, loop: true}')
    process.env.PROBE_LOOP = 'false'
    expect((await run('--progress')).result).toMatchObject({ progress: true, loop: false })
  })

  it('gives up a flag of the file that excludes one of argv', async () => {
    await configure('probe: {speed: 2x}')
    expect((await run()).result).toMatchObject({ speed: '2x' })
    const { result } = await run('--rate', '10/s')
    expect(result).toMatchObject({ rate: 10 })
    expect(result).not.toHaveProperty('speed')
  })

  it('takes the file that --config or DTSTREAM_CONFIG names', async () => {
    const other = join(folder, 'other.yaml')
    await writeFile(other, 'probe: {limit: 3}')
    await configure('probe: {limit: 2}')
    expect((await run()).result?.limit).toBe(2)
    expect((await run('--config', other)).result?.limit).toBe(3)
    expect((await run(`--config=${other}`)).result?.limit).toBe(3)
    process.env.DTSTREAM_CONFIG = other
    try {
      expect((await run()).result?.limit).toBe(3)
    } finally {
      process.env.DTSTREAM_CONFIG = ''
    }
  })

  it('is untouched by an empty file', async () => {
    await configure('# nothing yet\n')
    expect((await run()).result?.rate).toBe(1000)
    await configure('probe:\n')
    expect((await run()).result?.rate).toBe(1000)
  })
})

describe('a config file that is wrong', () => {
  it.each([
    ['probe: {rat: 1/s}', ': probe.rat: probe does not have this flag', ['rate:']],
    ['all: {limt: 1}', ': all.limt: no command has this flag', ['limit:']],
    ['porbe: {rate: 1/s}', ': porbe: there is no command of this name', ['probe:']],
    ['probe: {config: x.yaml}', ': probe.config: probe does not have this flag', undefined],
    ['probe: {rate: fast}', ": probe.rate: 'fast' is not a rate: a number and a unit of time belong there", undefined],
    ['probe: {idle: 2m}', ": probe.idle: '2m' is too large: 1m is the most", undefined],
    ['probe: {format: xml}', ": probe.format: 'xml' is not one of row, lines", undefined],
    ['probe: {loop: 3}', ': probe.loop: true or false belongs there', undefined],
    ['probe: {limit: [1, 2]}', ': probe.limit: one value belongs there, not a list', undefined],
    ['probe: {limit: {a: 1}}', ': probe.limit: a value belongs there', undefined],
    ['probe: {limit: }', ': probe.limit: a value belongs there', undefined],
    ['probe: {rate: 1/s, speed: 2x}', ': probe.rate: it cannot stand together with speed', undefined],
    ['probe: 3', ': probe: flags belong there', ['replay: {rate: 1000/s}']],
    ['- probe', ': sections named after commands belong there', ['replay: {rate: 1000/s}']],
    ['probe: {rate', ': it is not YAML', undefined],
  ])('%s is told with its place', async (yaml, message, suggestions) => {
    await configure(yaml)
    const { error, code } = await run()
    expect(error?.message).toContain(`config file ${join(folder, 'config.yaml')}${message}`)
    if (suggestions) expect(error).toMatchObject({ suggestions })
    expect(code).toBe(2)
  })

  it('is told where it was asked for and is not there', async () => {
    const { error, code } = await run('--config', join(folder, 'gone.yaml'))
    expect(error?.message).toBe(`config file ${join(folder, 'gone.yaml')}: it cannot be read: there is no such file`)
    expect(code).toBe(2)
  })
})

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
