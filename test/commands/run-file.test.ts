import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import RunFile from '../../src/commands/run-file.js'
import { formatRunFile } from '../../src/core/run-file/format-run-file.js'
import { geometryDigest } from '../../src/core/run-file/geometry-digest.js'
import { DEFAULT_RUN } from '../../src/core/run-file/run-file.js'
import { runInProcess } from '../support/in-process.js'
import { runCli } from '../support/run-cli.js'

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dtstream-run-file-'))
})

afterAll(() => rm(folder, { recursive: true }))

/** `dtstream run-file ARGS...`, within this process. */
const runFile = (...args: string[]) => runInProcess((config) => RunFile.run(args, config), folder)

describe('dtstream run-file', () => {
  it('prints the default run file with its digest, as YAML that it accepts again', async () => {
    const { code, stdout, stderr } = await runCli(['run-file'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe(`# digest: ${geometryDigest(DEFAULT_RUN)}, the built-in default\n${formatRunFile(DEFAULT_RUN)}`)
    const file = join(folder, 'run.yaml')
    await writeFile(file, stdout)
    const again = await runFile(file)
    expect(again.code).toBe(0)
    expect(again.stdout).toBe(stdout.replace('the built-in default', `of ${file}`))
  })

  it('prints what a file of its own means, with another digest', async () => {
    const file = join(folder, 'slow.yaml')
    const text = formatRunFile(DEFAULT_RUN).replace('drift_velocity_um_per_ns: 53.8', 'drift_velocity_um_per_ns: 50')
    await writeFile(file, text)
    const { code, stdout } = await runFile(file, '--json')
    expect(code).toBe(0)
    const { geometry, run } = JSON.parse(stdout)
    expect(run).toEqual({ ...DEFAULT_RUN, cell: { ...DEFAULT_RUN.cell, drift_velocity_um_per_ns: 50 } })
    expect(geometry).toBe(geometryDigest(run))
    expect(geometry).not.toBe(geometryDigest(DEFAULT_RUN))
  })

  it('names file, line and field of what is wrong, and ends with 1', async () => {
    const file = join(folder, 'wrong.yaml')
    const text = formatRunFile(DEFAULT_RUN).replace('width_mm: 42', 'width_mm: wide')
    const line = text.split('\n').findIndex((line) => line.includes('wide')) + 1
    await writeFile(file, text)
    const plain = await runFile(file)
    expect(plain).toMatchObject({ code: 1, stdout: '' })
    expect(plain.error?.message).toContain(`${file}, line ${line}: cell.width_mm`)
    const json = await runFile(file, '--json')
    expect(json).toMatchObject({ code: 1, stderr: '' })
    expect(JSON.parse(json.stdout).error.message).toContain(`${file}, line ${line}: cell.width_mm`)
  })

  it('says that a file is not there, and how to make one', async () => {
    const { code, stdout, stderr } = await runCli(['run-file', 'gone.yaml'], { cwd: folder })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toBe(
      [
        'Error: the run file gone.yaml cannot be read: there is no such file',
        'Try this: dtstream run-file > run.yaml makes one',
        '',
      ].join('\n'),
    )
  })
})
