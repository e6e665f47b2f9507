import { mkdir, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Args, Flags } from '@oclif/core'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { BaseCommand } from '../../../src/cli/base-command.js'
import { countFlag, durationFlag, rateFlag } from '../../../src/cli/flags.js'
import { runFlag } from '../../../src/cli/run-flag.js'
import { runInProcess } from '../../support/in-process.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

class Probe extends BaseCommand {
  static override args = { sources: Args.string({ multiple: true, ignoreStdin: true }) }
  static override flags = {
    rate: rateFlag({ env: 'PROBE_RATE', default: 1000, exclusive: ['speed'] }),
    speed: Flags.string({ exclusive: ['rate'] }),
    idle: durationFlag({ min: 1, max: 60_000 }),
    limit: countFlag(),
    from: Flags.string({ multiple: true, helpValue: 'URI' }),
    to: Flags.string({ multiple: true }),
    format: Flags.string({ options: ['row', 'lines'], default: 'row' }),
    loop: Flags.boolean({ env: 'PROBE_LOOP' }),
    progress: Flags.boolean({ allowNo: true, default: true }),
    group: Flags.string(),
    run: runFlag,
  }

  async run(): Promise<Record<string, unknown>> {
    const { args, flags } = await this.parse(Probe)
    return { ...flags, ...args, rateFrom: this.originOf('rate'), runFrom: this.originOf('run') }
  }
}

let folder: string
let project: string
let user: string

beforeEach(async () => {
  folder = await temporaryFolder()
  project = join(folder, 'project', 'dtstream.yaml')
  user = join(folder, 'user', 'config.yaml')
  await Promise.all([mkdir(join(folder, 'project')), mkdir(join(folder, 'user'))])
  vi.stubEnv('DTSTREAM_CONFIG', project)
  await configure('')
})
afterEach(() => {
  vi.unstubAllEnvs()
})

const configure = (yaml: string) => writeFile(project, yaml)
const configureUser = (yaml: string) => writeFile(user, yaml)

/** Runs the probe; what it returns. */
async function run(...argv: string[]): Promise<Record<string, unknown>> {
  const { result, error } = await runInProcess((config) => Probe.run(argv, config), join(folder, 'user'))
  if (error) throw error
  return result as Record<string, unknown>
}

describe('what a file sets', () => {
  it('is read as it would be from arguments, of every kind of flag', async () => {
    await configure('probe: {idle: 2s, limit: 1.5k, to: [a, b], format: lines, loop: true, progress: false}')
    expect(await run()).toMatchObject({
      idle: 2000,
      limit: 1500,
      to: ['a', 'b'],
      format: 'lines',
      loop: true,
      progress: false,
    })
    await configure('probe: {to: alone, group: 010}')
    expect(await run()).toMatchObject({ to: ['alone'], group: '010' })
    expect(await run('--to', 'other')).toMatchObject({ to: ['other'] })
  })

  it('may stand behind an anchor', async () => {
    await configure('all: {limit: &most 7}\nprofiles: {a: {probe: &it {group: x}}, b: {probe: *it, all: {idle: 2s}}}')
    expect(await run('--profile', 'b')).toMatchObject({ limit: 7, group: 'x', idle: 2000 })
    await configure('all: {limit: &most 7}\nprobe: {group: *most}')
    expect(await run()).toMatchObject({ limit: 7, group: '7' })
  })

  it('is nothing where the file, a section or a profile is empty', async () => {
    for (const yaml of ['# nothing yet\n', 'probe:\n', 'profiles:\n', 'profiles: {a: }\nprofile: a', '{}', '--- \n']) {
      await configure(yaml)
      expect((await run()).rate).toBe(1000)
    }
  })

  it('can be denied: switches by arguments and environment', async () => {
    await configure('probe: {progress: false, loop: true}')
    vi.stubEnv('PROBE_LOOP', 'false')
    expect(await run('--progress')).toMatchObject({ progress: true, loop: false })
  })

  it('gives way to a flag of the arguments that excludes it', async () => {
    await configure('probe: {speed: 2x}')
    expect(await run()).toMatchObject({ speed: '2x' })
    const result = await run('--rate', '10/s')
    expect(result).toMatchObject({ rate: 10, rateFrom: { kind: 'flag' } })
    expect(result).not.toHaveProperty('speed')
  })

  it('gives way to a flag that excludes it in a section that counts more', async () => {
    await configure('probe: {speed: 2x}\nprofiles: {slow: {all: {rate: 5/s}}}')
    expect(await run()).toMatchObject({ speed: '2x', rateFrom: { kind: 'default' } })
    const slow = await run('--profile', 'slow')
    expect(slow).toMatchObject({ rate: 5, rateFrom: { kind: 'file', profile: 'slow' } })
    expect(slow).not.toHaveProperty('speed')
  })

  it('gives way to arguments that say the same', async () => {
    await configure('probe: {from: [topic:a]}')
    expect(await run()).toMatchObject({ from: ['topic:a'] })
    const given = await run('topic:b')
    expect(given).toMatchObject({ sources: ['topic:b'] })
    expect(given).not.toHaveProperty('from')
    expect(await run('topic:b', '--from', 'topic:c')).toMatchObject({ sources: ['topic:b'], from: ['topic:c'] })
  })
})

describe('relative paths', () => {
  it('of a file begin in its folder, those of arguments and environment in the current one', async () => {
    await configure('all: {log: ./log, kafka-config: ~/client.properties}')
    await configureUser('probe: {run: runs/run.yaml, from: [a.txt, "file:b*.dat", "sim:?seed=1", topic:x, /c.txt]}')
    const at = (...parts: string[]) => join(folder, ...parts)
    expect(await run()).toMatchObject({
      log: at('project', 'log'),
      'kafka-config': join(homedir(), 'client.properties'),
      run: at('user', 'runs', 'run.yaml'),
      from: [at('user', 'a.txt'), `file:${at('user', 'b*.dat')}`, 'sim:?seed=1', 'topic:x', '/c.txt'],
      runFrom: { kind: 'file', folder: at('user') },
    })
    vi.stubEnv('DTSTREAM_RUN', 'env.yaml')
    expect(await run('--log', 'mine')).toMatchObject({
      log: 'mine',
      run: 'env.yaml',
      runFrom: { kind: 'env', variable: 'DTSTREAM_RUN' },
    })
  })
})

describe('which files and profile hold', () => {
  it('is told by --config before DTSTREAM_CONFIG; the user’s own lies beneath either', async () => {
    const other = join(folder, 'other.yaml')
    await writeFile(other, 'probe: {limit: 3}')
    await configure('probe: {limit: 2}')
    await configureUser('probe: {limit: 1, group: mine}')
    expect(await run()).toMatchObject({ limit: 2, group: 'mine' })
    expect(await run('--config', other)).toMatchObject({ limit: 3, group: 'mine' })
    expect(await run(`--config=${other}`)).toMatchObject({ limit: 3, group: 'mine' })
    expect(await run('--config', user)).toMatchObject({ limit: 1, group: 'mine' })
  })

  it('is told by --profile before DTSTREAM_PROFILE before the file’s profile', async () => {
    await configure('profile: a\nprofiles: {a: {all: {limit: 1}}, b: {all: {limit: 2}}, c: {all: {limit: 3}}}')
    expect(await run()).toMatchObject({ limit: 1 })
    vi.stubEnv('DTSTREAM_PROFILE', 'b')
    expect(await run()).toMatchObject({ limit: 2 })
    expect(await run('--profile', 'c')).toMatchObject({ limit: 3 })
    expect(await run('--profile=c')).toMatchObject({ limit: 3 })
  })

  it('takes a profile from both files, and the default of the first that has one', async () => {
    await configureUser('profile: a\nprofiles: {a: {all: {limit: 1, group: mine}}, b: {all: {group: other}}}')
    await configure('profiles: {a: {all: {limit: 2}}}')
    expect(await run()).toMatchObject({ limit: 2, group: 'mine' })
    await configure('profile: 2026\nprofiles: {2026: {all: {limit: 4}}}')
    expect(await run()).toMatchObject({ limit: 4 })
    await configure('profile: b\nall: {limit: 3}')
    expect(await run()).toMatchObject({ limit: 3, group: 'other' })
  })

  it.each([
    ['profiles: {lab: , laptop: }', 'lav', "there is no profile 'lav'; those there are: lab, laptop", ['lab']],
    ['all: {limit: 1}', 'lab', "there is no profile 'lab'; no config file has profiles", []],
    ['', 'lab', "there is no profile 'lab'; no config file has profiles", []],
  ])('refuses a profile that is not there: %j', async (yaml, name, message, suggestions) => {
    await configure(yaml)
    const error = await run('--profile', name).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ message, oclif: { exit: 2 } })
    expect((error as { suggestions?: string[] }).suggestions ?? []).toEqual(suggestions)
  })

  it('says that a file which was asked for cannot be read', async () => {
    const gone = join(folder, 'gone.yaml')
    await expect(run('--config', gone)).rejects.toMatchObject({
      message: `the config file ${gone} cannot be read: there is no such file`,
      oclif: { exit: 2 },
    })
    await expect(run('--config', folder)).rejects.toThrow(`the config file ${folder} cannot be read: it is a folder`)
  })
})
