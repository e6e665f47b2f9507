import { spawn } from 'node:child_process'

/** What a command took. */
export interface Run {
  /** by the clock, start of the program included */
  seconds: number
  /** of all its threads and children, user and system */
  cpuSeconds: number
}

/** Runs a command to its end; what it prints is thrown away. @throws where it ends with an error, with what it said */
export function timed(command: readonly string[]): Promise<Run> {
  const script = 'TIMEFORMAT="%R %U %S"; time "$@" >/dev/null'
  const child = spawn('bash', ['-c', script, 'bash', ...command], { stdio: ['ignore', 'ignore', 'pipe'] })
  const said: Buffer[] = []
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      const text = Buffer.concat(said).toString().trim()
      const [seconds, user, system] = (text.split('\n').at(-1) ?? '').split(' ').map(Number)
      if (code === 0) resolve({ seconds, cpuSeconds: user + system })
      else reject(new Error(`${command.join(' ')} ended with ${code}: ${text}`))
    })
  })
}
