import { setTimeout as sleep } from 'node:timers/promises'
import { ExpectedError } from '../../errors.js'
import { hasEnded, isOfHere, type ProcessIdentity } from '../../log/embedded/process-identity.js'

/** Time for queries to end between two tasks, and then for the system to end what is left, ms. */
const LIMITS_MS = { SIGTERM: 30_000, SIGKILL: 10_000 }
const LOOK_MS = 50

/**
 * Ends a server, which any process of its user on its machine can do. One that has ended already is fine, also where its
 * pid is another's by now.
 * @throws ExpectedError where it runs on another machine, or belongs to another user
 */
export async function stopServer(server: ProcessIdentity): Promise<void> {
  if (!isOfHere(server))
    throw new ExpectedError('the Spark server runs on another machine', ['stop the job where it was started'])
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (hasEnded(server)) return
    send(signal, server.pid)
    for (const end = performance.now() + LIMITS_MS[signal]; performance.now() < end; await sleep(LOOK_MS))
      if (hasEnded(server)) return
  }
  throw new ExpectedError(`the Spark server, process ${server.pid}, does not end`)
}

/** To the process group that the server leads. */
function send(signal: NodeJS.Signals, pid: number): void {
  try {
    process.kill(-pid, signal)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    // it ended in the meantime
    if (code !== 'ESRCH')
      throw new ExpectedError(`the Spark server, process ${pid}, cannot be stopped: ${message}`, [
        'stop the job as the user who started it',
      ])
  }
}
