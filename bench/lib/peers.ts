import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Competitor } from './processes.js'

const VENV = 'bench/.venv'
export const PYTHON = pythonOf(VENV)

/** What each peer can do. */
const PEER_WORKS: Record<string, string[]> = {
  pyarrow: ['stream', 'parse'],
  polars: ['parse', 'six'],
  duckdb: ['parse', 'six'],
}

export function pythonOf(venv: string): string {
  return join(venv, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
}

/** Makes the venv where it is missing or old. @returns why there are no peers, or undefined where there are */
export function preparePeers(venv = VENV, requirements = 'bench/requirements.txt'): string | undefined {
  // of the requirements that the venv was made for
  const stamp = join(venv, 'requirements.txt')
  const wanted = readFileSync(requirements, 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return undefined
  if (!succeeds('python3', ['--version'])) return 'python3 is missing'
  process.stderr.write(`Installing ${wanted.trim().split('\n').join(', ')} into ${venv} ...\n`)
  if (!succeeds('python3', ['-m', 'venv', '--clear', venv]))
    return 'python3 cannot make a venv (python3-venv is missing?)'
  if (!succeeds(pythonOf(venv), ['-m', 'pip', 'install', '--quiet', '--requirement', requirements]))
    return 'pip could not install the peers; its own words are above'
  copyFileSync(requirements, stamp)
  return undefined
}

/** The peers that can do a work. */
export function peersFor(work: string, file: string, passes: string): Competitor[] {
  const able = Object.keys(PEER_WORKS).filter((peer) => PEER_WORKS[peer].includes(work))
  return able.map((peer) => ({
    name: `${work} ${peer}`,
    command: PYTHON,
    args: [`bench/peers/with_${peer}.py`, '--work', work, '--file', file, '--passes', passes],
  }))
}

function succeeds(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}
