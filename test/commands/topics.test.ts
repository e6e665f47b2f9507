import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '@oclif/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import TopicsCreate from '../../src/commands/topics/create.js'
import TopicsDelete from '../../src/commands/topics/delete.js'
import TopicsDescribe from '../../src/commands/topics/describe.js'
import TopicsList from '../../src/commands/topics/list.js'
import type { LaneState } from '../../src/core/orbits/lane-state.js'
import { openEmbeddedLog } from '../../src/log/embedded/index.js'
import { type Lane, type Log, MESSAGE_KIND } from '../../src/log/log.js'
import { runInProcess } from '../support/in-process.js'
import { runCli } from '../support/run-cli.js'

let folder: string
let logFolder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dtstream-topics-'))
  logFolder = join(folder, 'log')
})

afterEach(() => rm(folder, { recursive: true }))

const COMMANDS = {
  create: (argv: string[], config: Config) => TopicsCreate.run(argv, config),
  list: (argv: string[], config: Config) => TopicsList.run(argv, config),
  describe: (argv: string[], config: Config) => TopicsDescribe.run(argv, config),
  delete: (argv: string[], config: Config) => TopicsDelete.run(argv, config),
}
TopicsDescribe.id = 'topics:describe'

/** `dtstream topics NAME ARGS...`, within this process. */
async function topics(name: keyof typeof COMMANDS, ...args: string[]) {
  const run = (config: Config): Promise<unknown> => COMMANDS[name]([...args, '--log', logFolder], config)
  const { code, stdout, error } = await runInProcess(run, folder)
  return { code, stdout, error: error?.message }
}

async function topicsJson(name: keyof typeof COMMANDS, ...args: string[]) {
  const { code, stdout } = await topics(name, ...args, '--json')
  return { code, json: JSON.parse(stdout) }
}

describe('topics create', () => {
  it('creates data_raw and data_clean, and the second time says that they are there', async () => {
    const first = await topics('create')
    expect(first).toEqual({
      code: 0,
      stdout: 'created data_raw with 10 partitions\ncreated data_clean with 1 partition\n',
      error: undefined,
    })
    const second = await topics('create')
    expect(second).toEqual({
      code: 0,
      stdout: 'data_raw exists already, with 10 partitions\ndata_clean exists already, with 1 partition\n',
      error: undefined,
    })
  })

  it('creates others as asked, and says where one that is there differs', async () => {
    await topics('create', 'one', 'two', '--partitions', '3', '--retention-bytes', '1MiB', '--retention', '2h')
    const { json } = await topicsJson('list')
    expect(json).toEqual(
      ['one', 'two'].map((name) => ({
        name,
        partitions: 3,
        messages: 0,
        bytes: 0,
        keyedByOrbit: true,
        retentionBytes: 2 ** 20,
        retentionMs: 7_200_000,
      })),
    )
    expect(await topics('create', 'one')).toMatchObject({ code: 0, stdout: 'one exists already, with 3 partitions\n' })
    expect(await topics('create', 'one', '--partitions', '4', '--retention', '1d')).toEqual({
      code: 1,
      stdout:
        'one exists already and differs: it has 3 partitions, not 4 partitions; it has 2 h to keep, not 1 d to keep\n',
      error: undefined,
    })
    const differs = await topicsJson('create', 'two', 'three', '-p', '5')
    expect(differs.code).toBe(1)
    expect(differs.json.topics).toEqual([
      { name: 'two', outcome: 'differs', partitions: 3, differences: [{ setting: 'partitions', has: 3, wanted: 5 }] },
      { name: 'three', outcome: 'created', partitions: 5, differences: [] },
    ])
  })

  it.each([
    [['--partitions', '3'], '--partitions needs the name of a topic', 2],
    [['x', '--partitions', '0'], "--partitions: '0' is too small: 1 is the least", 2],
    [['not a name'], 'not a name', 1],
  ])('refuses %j', async (args, message, exit) => {
    const { code, json } = await topicsJson('create', ...args)
    expect(code).toBe(exit)
    expect(json.error.exit).toBe(exit)
    expect(json.error.message).toContain(message)
  })
})

describe('topics list', () => {
  it('says in which log there are none: --log before DTSTREAM_LOG before the config file', async () => {
    const fromFile = join(folder, 'from-file')
    await mkdir(join(folder, 'config'))
    await writeFile(join(folder, 'config', 'config.yaml'), `all: {log: ${fromFile}}\n`)
    const env = { DTSTREAM_CONFIG_DIR: join(folder, 'config'), DTSTREAM_LOG: logFolder }
    const argv = await runCli(['topics', 'list', '--log', join(folder, 'argv')], { env })
    expect(argv.stdout).toBe(`no topics in ${join(folder, 'argv')}\n`)
    expect((await runCli(['topics', 'list'], { env })).stdout).toBe(`no topics in ${logFolder}\n`)
    const file = await runCli(['topics', 'list'], { env: { ...env, DTSTREAM_LOG: undefined } })
    expect(file.stdout).toBe(`no topics in ${fromFile}\n`)
    const home = join(folder, 'home')
    const fallback = await runCli(['topics', 'list'], { env: { DTSTREAM_LOG: undefined, XDG_DATA_HOME: home } })
    expect(fallback.stdout).toBe(`no topics in ${join(home, 'dtstream', 'log')}\n`)
  })

  it('shows a line a topic', async () => {
    const bytes = await withLog(async (log) => {
      await log.createTopic({ name: 'small', partitions: 2, retentionBytes: 10_000_000, retentionMs: 3_600_000 })
      await append(log, 'small', 1, 'a row')
      await append(log, 'small', 1, 'another row')
      return (await log.topic('small'))?.offsets[1].bytes
    })
    expect((await topics('list')).stdout.split('\n')).toEqual([
      'topic  partitions  messages  bytes  keyed by orbit  keeps at most',
      `small           2         2   ${bytes} B  yes             10.0 MB, 1 h`,
      '',
    ])
  })
})

describe('topics describe', () => {
  it('shows partitions, and groups with their lag and who holds the lanes', async () => {
    await withLog(async (log) => {
      await log.createTopic({ name: 'rows', partitions: 2 })
      for (const text of ['a', 'bc', 'def']) await append(log, 'rows', 0, text)
      const held = await holdLane(log, 'rows', 'physics', 'someone 42')
      await held.lane.commit(laneState(2))
      const { json } = await topicsJson('describe', 'rows')
      const bytes = (await log.topic('rows'))?.offsets[0].bytes
      expect(bytes).toBeGreaterThanOrEqual('abcdef'.length)
      expect(json).toMatchObject({ name: 'rows', messages: 3, bytes, partitions: 2 })
      expect(json.offsets).toEqual([
        { partition: 0, start: 0, end: 3, bytes },
        { partition: 1, start: 0, end: 0, bytes: 0 },
      ])
      const [group] = json.groups
      expect(group).toMatchObject({ group: 'physics', lag: 1 })
      expect(group.lanes[0]).toEqual({ partition: 0, nextOffset: 2, lag: 1, holder: 'someone 42' })
      const text = (await topics('describe', 'rows')).stdout
      expect(text).toContain(`rows: 3 messages, ${bytes} B, keeps at most`)
      expect(text).toContain('group physics: lags 1 message behind\n')
      expect(text).toMatch(/^ +0 +2 +1 {2}someone 42$/m)
      await held.leave()
    })
    const { json } = await topicsJson('describe', 'rows')
    expect(json.groups[0].lanes[0]).toMatchObject({ nextOffset: 2, holder: null })
  })

  it('tells the nearest name of a topic that is not there', async () => {
    await topics('create', 'data_raw')
    const { code, json } = await topicsJson('describe', 'data_rwa')
    expect(code).toBe(1)
    expect(json.error).toEqual({
      message: `there is no topic data_rwa in ${logFolder}`,
      suggestions: ['data_raw'],
      exit: 1,
    })
  })

  it('needs a name', async () => {
    const { code, json } = await topicsJson('describe')
    expect(code).toBe(2)
    expect(json.error.message).toContain('Missing 1 required arg')
    expect(json.error.suggestions).toEqual(['dtstream topics describe --help'])
  })
})

describe('topics delete', () => {
  it('deletes with --yes, and none where one is not there', async () => {
    await topics('create', 'one', 'two')
    const refused = await topicsJson('delete', 'one', 'tow', '--yes')
    expect(refused).toMatchObject({ code: 1, json: { error: { suggestions: ['two'] } } })
    expect(await names()).toEqual(['one', 'two'])
    expect(await topics('delete', 'one', '--yes')).toEqual({ code: 0, stdout: 'deleted one\n', error: undefined })
    expect(await names()).toEqual(['two'])
  })

  it('refuses without --yes where there is no terminal to ask', async () => {
    await topics('create', 'one')
    const { code, json } = await topicsJson('delete', 'one')
    expect(code).toBe(2)
    expect(json.error.suggestions).toEqual(['the same again with --yes'])
    expect(await names()).toEqual(['one'])
  })
})

async function names(): Promise<string[]> {
  const { json } = await topicsJson('list')
  return json.map(({ name }: { name: string }) => name)
}

async function withLog<T>(action: (log: Log) => Promise<T>): Promise<T> {
  const log = await openEmbeddedLog(logFolder)
  try {
    return await action(log)
  } finally {
    await log.close()
  }
}

async function append(log: Log, topic: string, partition: number, text: string): Promise<void> {
  const bytes = Buffer.from(text)
  const kind = Uint8Array.of(MESSAGE_KIND.text)
  const end = Uint32Array.of(bytes.length)
  await log.append(topic, [{ partition, count: 1, bytes, end, kind, keyedByOrbit: true }])
}

async function holdLane(log: Log, topic: string, group: string, member: string) {
  let onLane: (lane: Lane) => void = () => {}
  const lane = new Promise<Lane>((resolve) => {
    onLane = (given) => {
      if (given.partition === 0) resolve(given)
    }
  })
  const membership = await log.joinGroup({ group, topic, whole: false, member, onLane, onWaiting() {} })
  return { lane: await lane, leave: () => membership.leave() }
}

/** Of a lane that has seen no orbit yet. */
function laneState(nextOffset: number): LaneState {
  const clock = {
    run: 0,
    ended: false,
    watermark: null,
    current: null,
    previous: null,
    streak: [],
    strays: [],
    closedStrays: [],
  }
  return { positions: [{ partition: 0, resumeOffset: nextOffset, nextOffset }], nextMessage: 0, clock }
}
