import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { isDeepStrictEqual, parseArgs } from 'node:util'
import { loadBuild } from './lib/dtstream.js'
import { ownWork, runInTurns } from './lib/processes.js'
import { makeRowsFile } from './lib/rows-file.js'
import { median, ratioOf, spreadInWords } from './lib/statistics.js'

/** The build here against another one, in turns: a change of the hot path comes with a ratio. */
const { values } = parseArgs({
  options: {
    against: { type: 'string', default: 'HEAD' },
    rows: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '5' },
    passes: { type: 'string', default: '5' },
    work: { type: 'string', multiple: true, default: ['parse', 'fold', 'six'] },
  },
})
const here = resolve('.')
const aside = mkdtempSync(join(tmpdir(), 'dtstream-bench-'))
try {
  const other = existsSync(join(values.against, 'dist')) ? resolve(values.against) : buildRevision(values.against)
  const file = await makeRowsFile(await loadBuild(here), 'bench/data', Number(values.rows))
  for (const work of values.work) await compare(work, other, { file, rows: values.rows, passes: values.passes })
} finally {
  rmSync(aside, { recursive: true, force: true })
}

async function compare(work: string, other: string, options: Record<string, string>): Promise<void> {
  const timings = await runInTurns(
    [ownWork(`${work} here`, here, work, options), ownWork(`${work} there`, other, work, options)],
    Number(values.rounds),
  )
  const [ours, theirs] = [...timings.values()]
  if (!isDeepStrictEqual(ours[0].check, theirs[0].check))
    throw new Error(`${work}: the two builds do not agree on the outcome`)
  const [cpuHere, cpuThere] = [ours, theirs].map((rounds) => rounds.map(({ cpuS }) => median(cpuS)))
  const rate = (seconds: number[]) => (Number(values.rows) / median(seconds) / 1e6).toFixed(1)
  const ratio = spreadInWords(ratioOf(cpuHere, cpuThere))
  console.log(
    `${work}: ${ratio} times ${values.against}; ${rate(cpuHere)} against ${rate(cpuThere)} million rows per CPU s`,
  )
}

/** The tree of a git revision, built in a folder of its own with the packages that are installed here. */
function buildRevision(revision: string): string {
  mkdirSync(join(aside, 'tree'))
  run('git', ['archive', '--output', join(aside, 'tree.tar'), revision])
  run('tar', ['-xf', join(aside, 'tree.tar'), '-C', join(aside, 'tree')])
  symlinkSync(join(here, 'node_modules'), join(aside, 'tree', 'node_modules'))
  run(process.execPath, [join(aside, 'tree', 'scripts', 'build.js')])
  return join(aside, 'tree')
}

function run(command: string, args: string[]): void {
  const { status } = spawnSync(command, args, { stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} did not succeed`)
}
