import { spawnSync } from 'node:child_process'

/** Of a process, MiB. */
export function residentMiB(pid: number): number {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })
  return Number(stdout) / 1024
}
