import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Competitor } from './processes.js'

const REQUIREMENTS = 'bench/requirements.txt'
const VENV = 'bench/.venv'
export const PYTHON = join(VENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python')
/** A copy of the requirements that the venv was made for. */
const STAMP = join(VENV, 'requirements.txt')

/** What each peer can do. */
const PEER_WORKS: Record<string, string[]> = {
  pyarrow: ['stream', 'parse'],
  polars: ['parse', 'six'],
  duckdb: ['parse', 'six'],
}

/** Makes the venv where it is missing or old. @returns why there are no peers, or undefined where there are */
export function preparePeers(): string | undefined {
  const wanted = readFileSync(REQUIREMENTS, 'utf8')
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === wanted) return undefined
  if (!succeeds('python3', ['--version'])) return 'python3 is missing'
  process.stderr.write(`Installing ${wanted.trim().split('\n').join(', ')} into ${VENV} ...\n`)
  if (!succeeds('python3', ['-m', 'venv', '--clear', VENV]))
    return 'python3 cannot make a venv (python3-venv is missing?)'
  if (!succeeds(PYTHON, ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS]))
    return 'pip could not install the peers; its own words are above'
  copyFileSync(REQUIREMENTS, STAMP)
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
