import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'

/** Enough about a process to tell later whether it still runs. Plain JSON. */
export interface ProcessIdentity {
  pid: number
  /** host and, on Linux, pid namespace: a pid means nothing elsewhere */
  place: string
  /** when it was started, in the kernel's words; empty where the platform does not say */
  started: string
}

export type ProcessState = 'running' | 'stopped' | 'gone'

export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid)
}

/** Of a process of this machine that runs now. */
export function identityOf(pid: number): ProcessIdentity {
  return { pid, place: ownPlace(), started: procStat(pid)?.started ?? '' }
}

/**
 * Whether that process has surely ended: its pid is free, a zombie's, or now another process's. False where nothing can
 * be known, as for a process of another host.
 */
export function hasEnded(identity: ProcessIdentity): boolean {
  if (!isOfHere(identity)) return false
  if (processState(identity.pid) === 'gone') return true
  const started = procStat(identity.pid)?.started
  return started !== undefined && identity.started !== '' && started !== identity.started
}

/** Whether something can be known of that process here. */
export function isOfHere({ place }: ProcessIdentity): boolean {
  return place === ownPlace()
}

/** Without /proc a process that is stopped counts as running. */
export function processState(pid: number): ProcessState {
  const stat = procStat(pid)
  if (stat) {
    if ('ZXx'.includes(stat.state)) return 'gone'
    return 'Tt'.includes(stat.state) ? 'stopped' : 'running'
  }
  return accepts(pid) ? 'running' : 'gone'
}

/** Whether a process was stopped (Ctrl-Z), and is still the one that was started then. */
export function isStopped(pid: number, started: string): boolean {
  return processState(pid) === 'stopped' && procStat(pid)?.started === started
}

function accepts(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it is there, but somebody else's
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** State letter and start time (ticks since boot) of a process, from Linux' /proc/PID/stat. */
function procStat(pid: number): { state: string; started: string } | undefined {
  let text: string
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1')
  } catch {
    return undefined
  }
  // the name of the command stands in parentheses and may hold anything, spaces and parentheses too
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0], started: fields[19] }
}

let place: string | undefined

function ownPlace(): string {
  place ??= `${hostname()} ${pidNamespace()}`
  return place
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid')
  } catch {
    return ''
  }
}
