import { spawn } from 'node:child_process'

/** What a process that times a work prints: seconds of each timed pass, and what its outcome is checked by. */
export interface Timing {
  wallS: number[]
  cpuS: number[]
  check: unknown
}

export interface Competitor {
  name: string
  command: string
  args: string[]
}

/** dtstream's own work, from the build in `root`. */
export function ownWork(name: string, root: string, work: string, options: Record<string, string>): Competitor {
  const flags = Object.entries({ root, work, ...options }).flatMap(([flag, value]) => [`--${flag}`, value])
  return { name, command: process.execPath, args: ['--import', 'tsx', 'bench/lib/timed.ts', ...flags] }
}

/** Runs every competitor once a round, one after the other, so that what else the machine does meets all alike. */
export async function runInTurns(competitors: Competitor[], rounds: number): Promise<Map<string, Timing[]>> {
  const timings = new Map<string, Timing[]>(competitors.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    for (const competitor of competitors) {
      process.stderr.write(`round ${round + 1} of ${rounds}: ${competitor.name}\n`)
      timings.get(competitor.name)?.push(JSON.parse(await outputOf(competitor)) as Timing)
    }
  }
  return timings
}

function outputOf({ name, command, args }: Competitor): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    const output: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk))
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(output).toString())
      else reject(new Error(`${name} ended with exit code ${code}`))
    })
  })
}
