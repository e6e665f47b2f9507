import { spawn } from 'node:child_process'
import type { Writable } from 'node:stream'

/**
 * Reads process ids until its input closes, which it does however this process ends. A process is killed only if it names
 * the folder in its arguments, as its id may have passed to another.
 */
const SCRIPT = `
while read -r pid; do pids="$pids $pid"; done
for pid in $pids; do
  if { cat "/proc/$pid/cmdline" 2>/dev/null || ps -o args= -p "$pid"; } | grep -aqF "$1"; then
    kill -9 "$pid"
    late=yes
  fi
done
[ -n "$late" ] && sleep 1
rm -rf "$1"
`

/** Outlives this process just long enough to end its brokers and to remove their folder, even after a kill -9. */
export class Guardian {
  private readonly input: Writable

  constructor(folder: string) {
    const child = spawn('sh', ['-c', SCRIPT, 'guardian', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
    })
    // A guardian that someone else has ended is no reason to fail: brokers are ended by their owner first.
    child.on('error', () => undefined)
    child.stdin.on('error', () => undefined)
    child.unref()
    this.input = child.stdin
  }

  watch(pid: number): void {
    this.input.write(`${pid}\n`)
  }

  release(): void {
    this.input.end()
  }
}
