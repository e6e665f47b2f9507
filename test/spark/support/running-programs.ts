import { execFileSync } from 'node:child_process'

/** Pids of programs whose arguments have all these words. */
export function pidsOf(...words: string[]): number[] {
  const listed = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 })
  return listed
    .split('\n')
    .filter((line) => words.every((word) => line.includes(word)))
    .map((line) => Number.parseInt(line, 10))
}
