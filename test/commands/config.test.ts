import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../support/run-cli.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const PROJECT = `profile: lab
all: {run: run.yaml}
replay:
  rate: 2k/s
  from: [runs/*.dat, "sim:?seed=1"]
topics create: {partitions: 4}
profiles:
  lab:
    all: {bootstrap-server: "broker-1:9092", kafka-config: client.properties}
    replay: {to: "topic:rows"}
  laptop:
    all: {log: ./log}
    process: {to: ["postgres://me:hidden@host/db?sslpassword=hidden&x=1", results.arrow]}
`

let folder: string
let inside: string

beforeEach(async () => {
  folder = await realpath(await temporaryFolder())
  inside = join(folder, 'deep', 'inside')
  await mkdir(inside, { recursive: true })
  await mkdir(join(folder, 'user'))
  await writeFile(join(folder, 'dtstream.yaml'), PROJECT)
  await writeFile(join(folder, 'user', 'config.yaml'), 'process: {workers: 2}\nreplay: {rate: 1/s, batch: 10}\n')
})

/** Runs `dtstream ARGS` two folders below the file, which nothing but its name and place makes known. */
function dtstream(args: string[], env: Record<string, string | undefined> = {}, cwd = inside) {
  const own = { DTSTREAM_CONFIG: undefined, DTSTREAM_CONFIG_DIR: join(folder, 'user') }
  return runCli(args, { cwd, env: { ...own, ...env } })
}

describe('dtstream config show', () => {
  it('shows what a command holds, and whence, in a table', async () => {
    const { code, stdout, stderr } = await dtstream(
      ['config', 'show', 'replay', '--', '--limit', '1k', '--no-progress'],
      {
        DTSTREAM_RATE: '3k/s',
      },
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const file = join(folder, 'dtstream.yaml')
    const [head, profile, empty, title, ...table] = stdout.trimEnd().split('\n')
    expect([head, profile, empty, title]).toEqual([
      `config file: ${file}, then ${join(folder, 'user', 'config.yaml')}`,
      `profile: lab (${file}:1:10)`,
      '',
      'replay',
    ])
    expect(columns(table)).toEqual([
      ['flag', 'value', 'from'],
      ['bootstrap-server', 'broker-1:9092', `${file}:9:11 (profile lab)`],
      ['kafka-config', join(folder, 'client.properties'), `${file}:9:46 (profile lab)`],
      ['from', `${join(folder, 'runs')}/*.dat, sim:?seed=1`, `${file}:5:3`],
      ['to', 'topic:rows', `${file}:10:14 (profile lab)`],
      ['rate', '3k/s', 'env DTSTREAM_RATE'],
      ['batch', '10', `${join(folder, 'user', 'config.yaml')}:2:21`],
      ['limit', '1k', 'flag'],
      ['format', 'row', 'default'],
      ['run', join(folder, 'run.yaml'), `${file}:2:7`],
      ['progress', 'false', 'flag'],
    ])
  })

  it('shows the same as JSON, a file of the current folder by its name', async () => {
    const args = ['config', 'show', 'process', '--profile', 'laptop', '--json', '--', '-w', '3']
    const { code, stdout } = await dtstream(
      args,
      { KAFKA_BOOTSTRAP_SERVERS: 'unused:1', DTSTREAM_LOG: 'env-log' },
      folder,
    )
    expect(code).toBe(2)
    expect(JSON.parse(stdout).error.message).toContain('--log and --bootstrap-server are both given in the environment')

    const ended = await dtstream(args, {}, folder)
    expect(ended.code).toBe(0)
    const { files, profile, commands } = JSON.parse(ended.stdout)
    expect(files).toEqual(['dtstream.yaml', join(folder, 'user', 'config.yaml')])
    expect(profile).toEqual({ name: 'laptop', origin: { kind: 'flag' } })
    expect(Object.keys(commands)).toEqual(['process'])
    expect(commands.process).toMatchObject({
      log: {
        value: join(folder, 'log'),
        origin: { kind: 'file', file: 'dtstream.yaml', line: 12, column: 11, profile: 'laptop' },
      },
      to: {
        value: ['postgres://me:[concealed]@host/db?sslpassword=[concealed]&x=1', join(folder, 'results.arrow')],
      },
      workers: { value: '3', origin: { kind: 'flag' } },
      idle: { value: '5s', origin: { kind: 'default' } },
      progress: { value: true, origin: { kind: 'default' } },
    })
    expect(commands.process).not.toHaveProperty('bootstrap-server')
    expect(commands.process).not.toHaveProperty('interval')
  })

  it('shows all commands where none is named', async () => {
    const { code, stdout } = await dtstream(['config', 'show', '--log', 'x', '--json'])
    expect(code).toBe(0)
    const { commands } = JSON.parse(stdout)
    expect(Object.keys(commands)).toEqual(
      expect.arrayContaining(['replay', 'process', 'topics create', 'topics delete']),
    )
    expect(commands['topics create'].partitions).toMatchObject({ value: '4', origin: { line: 6 } })
    expect(commands.watch.log).toEqual({ value: 'x', origin: { kind: 'flag' } })
    expect(commands.demo).not.toHaveProperty('log')
  })

  it('knows the other variable that names brokers, which counts more than a file', async () => {
    const { stdout } = await dtstream(['config', 'show', 'watch'], { KAFKA_BOOTSTRAP_SERVERS: 'other:1' })
    expect(stdout).toMatch(/^bootstrap-server +other:1 +env KAFKA_BOOTSTRAP_SERVERS$/m)
  })

  it('knows the variables of AWS, which count more than a file, and less than a flag', async () => {
    const env = { AWS_REGION: 'eu-south-1', AWS_CA_BUNDLE: 'other.pem' }
    const { stdout } = await dtstream(['config', 'show', 'watch', '--', '--ca-bundle', 'mine.pem'], env)
    expect(stdout).toMatch(/^region +eu-south-1 +env AWS_REGION$/m)
    expect(stdout).toMatch(/^ca-bundle +mine\.pem +flag$/m)
  })

  it('hides the secrets of properties', async () => {
    const args = ['config', 'show', 'watch', '-X', 'sasl.password=hidden', '-X', 'client.id=me']
    const { stdout } = await dtstream(args)
    expect(stdout).toMatch(/^kafka-property +sasl\.password=\[concealed\], client\.id=me +flag$/m)
    expect(stdout).not.toContain('hidden')
  })

  it('conceals the path of a webhook, which often is the key to it', async () => {
    const webhook = 'https://chat.example/hooks/abc?x=1'
    const { stdout } = await dtstream(['config', 'show', 'watch', '--', '--alarm-webhook', webhook])
    expect(stdout).toMatch(/^alarm-webhook +https:\/\/chat\.example\/\[concealed\] +flag$/m)
  })

  it.each<[string[], string, string[]]>([
    [['rplay'], "there is no command 'rplay'", ['dtstream config show replay']],
    [
      ['replay', '--', '--rat', '5k/s'],
      'dtstream replay does not have the flag --rat',
      ['--rate', 'dtstream replay --help'],
    ],
    [
      ['replay', '--', '--rate', 'fast'],
      "--rate: 'fast' is not a rate: a number and a unit of time belong there",
      ['1000/s, 1k/s, 60000/min or max'],
    ],
    [
      ['--', '--rate', '5k/s'],
      'arguments behind -- are those of one command, and none is named',
      ['dtstream config show replay -- --rate 5k/s'],
    ],
    [['--profile', 'lav'], "there is no profile 'lav'; those there are: lab, laptop", ['lab']],
  ])('refuses %j', async (args, message, suggestions) => {
    const { code, stdout } = await dtstream(['config', 'show', '--json', ...args])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toEqual({ error: { message, suggestions, exit: 2 } })
  })
})

describe('dtstream config schema', () => {
  it('prints one JSON document of all commands', async () => {
    const { code, stdout } = await dtstream(['config', 'schema'])
    expect(code).toBe(0)
    const names = Object.keys(JSON.parse(stdout).properties)
    expect(names).toEqual(
      expect.arrayContaining(['profile', 'profiles', 'all', 'replay', 'topics create', 'config show']),
    )
    expect(names).not.toContain('autocomplete')
  })
})

describe('a config file, as any command reads it', () => {
  it('is found from the current folder upwards, and its log used', async () => {
    await writeFile(join(inside, 'dtstream.yml'), 'all: {log: here}\n')
    const { stdout } = await dtstream(['topics', 'list'])
    expect(stdout).toBe(`no topics in ${join(inside, 'here')}\n`)
    const laptop = await dtstream(['topics', 'list'], { DTSTREAM_PROFILE: 'laptop' }, join(folder, 'deep'))
    expect(laptop.stdout).toBe(`no topics in ${join(folder, 'log')}\n`)
  })

  it('is wrong for every command, whatever profile and command hold', async () => {
    await writeFile(join(inside, 'dtstream.yaml'), 'all: {log: here}\nprofiles:\n  lab:\n    replay: {rate: fast}\n')
    const { code, stderr } = await dtstream(['topics', 'list'])
    expect(code).toBe(2)
    expect(stderr).toContain("Error: dtstream.yaml:4:20: replay.rate: 'fast' is not a rate")
    expect((await dtstream(['topics', 'list', '--config', '/dev/null'])).code).toBe(0)
  })

  it('gives sources that count only where arguments name none', async () => {
    const rows = join(folder, 'rows.txt')
    await writeFile(rows, '2,0,1,1,1,1\n')
    await writeFile(join(inside, 'dtstream.yaml'), 'all: {log: log}\nreplay: {from: [gone.txt], rate: max}\n')
    const file = await dtstream(['replay', '--no-progress'])
    expect(file).toMatchObject({ code: 1, stderr: expect.stringContaining(join(inside, 'gone.txt')) })
    const given = await dtstream(['replay', rows, '--no-progress'])
    expect(given).toMatchObject({ code: 0, stderr: expect.stringContaining('1 row sent to data_raw') })
  })
})

/** Cells of an aligned table: each begins where its title does. */
function columns([titles, ...rows]: string[]): string[][] {
  const starts = ['flag', 'value', 'from'].map((title) => titles.indexOf(title))
  return [titles, ...rows].map((row) => starts.map((start, i) => row.slice(start, starts[i + 1]).trim()))
}
