import { readdirSync, readFileSync } from 'node:fs'

/** What a process and all below it had used at a moment. */
export interface Usage {
  /** ms since 1970 */
  atMs: number
  /** user and system, since they were started */
  cpuSeconds: number
  /** resident, of those that were there 100 ms before too: what is forked for a moment seems to have all that its parent has */
  bytes: number
}

const EVERY_MS = 100
const TICKS_A_SECOND = 100
const PAGE_BYTES = 4096

/** Looks ten times a second what a process of this machine and all below it use, by Linux' /proc. */
export class ProcessUsage {
  readonly samples: Usage[] = []
  private readonly timer: NodeJS.Timeout
  private before = new Set<number>()

  constructor(private readonly pid: number) {
    this.timer = setInterval(() => this.look(), EVERY_MS)
  }

  stop(): void {
    this.look()
    clearInterval(this.timer)
  }

  private look(): void {
    const tree = treeBelow(this.pid)
    if (tree.length === 0) return
    const lasting = tree.filter(({ pid }) => this.before.has(pid))
    this.before = new Set(tree.map(({ pid }) => pid))
    this.samples.push({
      atMs: Date.now(),
      cpuSeconds: tree.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_A_SECOND,
      bytes: lasting.reduce((sum, { pages }) => sum + pages, 0) * PAGE_BYTES,
    })
  }
}

/** CPU seconds that had been used at a moment, between two samples in proportion. */
export function cpuSecondsAt(samples: readonly Usage[], atMs: number): number {
  const after = samples.findIndex((sample) => sample.atMs >= atMs)
  if (after === 0) return samples[0].cpuSeconds
  if (after < 0) return samples.at(-1)?.cpuSeconds ?? 0
  const [a, b] = [samples[after - 1], samples[after]]
  return a.cpuSeconds + ((b.cpuSeconds - a.cpuSeconds) * (atMs - a.atMs)) / (b.atMs - a.atMs)
}

interface Stat {
  pid: number
  parent: number
  ticks: number
  pages: number
}

/** A process and all that it and they have started. */
function treeBelow(root: number): Stat[] {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? [])
  const tree = stats.filter(({ pid }) => pid === root)
  // grows while it is gone through
  for (const { pid } of tree) tree.push(...stats.filter(({ parent }) => parent === pid))
  return tree
}

/** Times of children that have ended are in their parent's. */
function statOf(pid: number): Stat | undefined {
  try {
    const [, parent, ...fields] =
      readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ').map(Number) ?? []
    // fields 14 to 17 of proc(5), and 24
    const ticks = fields.slice(9, 13).reduce((sum, one) => sum + one, 0)
    return { pid, parent, ticks, pages: fields[19] }
  } catch {
    return undefined // it has ended meanwhile
  }
}
