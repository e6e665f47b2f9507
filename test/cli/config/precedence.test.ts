import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import { BaseCommand } from '../../../src/cli/base-command.js'
import { originInWords } from '../../../src/cli/config/origin.js'
import { countFlag } from '../../../src/cli/flags.js'
import { runInProcess } from '../../support/in-process.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** Everywhere that a value can stand, those first that count more; the value is the place's number. */
const PLACES = [
  { kind: 'flag' },
  { kind: 'env' },
  { kind: 'file', file: 'project', profile: 'lab', section: 'probe' },
  { kind: 'file', file: 'project', profile: 'lab', section: 'all' },
  { kind: 'file', file: 'user', profile: 'lab', section: 'probe' },
  { kind: 'file', file: 'user', profile: 'lab', section: 'all' },
  { kind: 'file', file: 'project', section: 'probe' },
  { kind: 'file', file: 'project', section: 'all' },
  { kind: 'file', file: 'user', section: 'probe' },
  { kind: 'file', file: 'user', section: 'all' },
] as const
const DEFAULT = 99

class Probe extends BaseCommand {
  static override flags = { limit: countFlag({ env: 'PROBE_LIMIT', default: DEFAULT }) }

  async run(): Promise<{ limit: number; from: string }> {
    const { flags } = await this.parse(Probe)
    return { limit: flags.limit, from: originInWords(this.originOf('limit')) }
  }
}

afterEach(() => {
  vi.unstubAllEnvs()
})

it('takes the first place that has a value, and knows which that was', async () => {
  const folder = await temporaryFolder()
  await mkdir(join(folder, 'user'))
  const paths = { project: join(folder, 'dtstream.yaml'), user: join(folder, 'user', 'config.yaml') }
  vi.stubEnv('DTSTREAM_CONFIG', paths.project)
  const given = fc.array(fc.boolean(), { minLength: PLACES.length, maxLength: PLACES.length })
  await fc.assert(
    fc.asyncProperty(given, fc.boolean(), async (has, withProfile) => {
      for (const file of ['project', 'user'] as const) await writeFile(paths[file], yamlOf(file, has))
      vi.stubEnv('PROBE_LIMIT', has[1] ? '1' : '')
      const argv = [...(has[0] ? ['--limit', '0'] : []), ...(withProfile ? ['--profile', 'lab'] : [])]
      const { result, error } = await runInProcess((config) => Probe.run(argv, config), join(folder, 'user'))
      expect(error).toBeUndefined()
      const first = PLACES.findIndex((place, i) => has[i] && (withProfile || !('profile' in place)))
      expect(result).toEqual({ limit: first < 0 ? DEFAULT : first, from: originOf(first, paths) })
    }),
    { numRuns: 150 },
  )
})

/** Sections and keys on a line each, so that a line names them. */
function yamlOf(file: 'project' | 'user', has: readonly boolean[]): string {
  const lineOf = (profile: boolean, section: string) => {
    const at = PLACES.findIndex(
      (place) =>
        place.kind === 'file' && place.file === file && 'profile' in place === profile && place.section === section,
    )
    return `${section}: {${has[at] ? `limit: ${at}` : ''}}`
  }
  return [
    lineOf(false, 'all'),
    lineOf(false, 'probe'),
    'profiles:',
    '  lab:',
    `    ${lineOf(true, 'all')}`,
    `    ${lineOf(true, 'probe')}`,
  ].join('\n')
}

function originOf(index: number, paths: { project: string; user: string }): string {
  const place = PLACES[index]
  if (!place) return 'default'
  if (place.kind === 'flag') return 'flag'
  if (place.kind === 'env') return 'env PROBE_LIMIT'
  const isProfile = 'profile' in place
  const line = (isProfile ? 5 : 1) + (place.section === 'all' ? 0 : 1)
  const column = (isProfile ? 5 : 1) + `${place.section}: {`.length
  return `${paths[place.file]}:${line}:${column}${isProfile ? ' (profile lab)' : ''}`
}
