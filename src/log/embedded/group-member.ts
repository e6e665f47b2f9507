import { randomUUID } from 'node:crypto'
import { ExpectedError } from '../../errors.js'
import type { GroupMember, GroupOptions } from '../log.js'
import { waitingMessage } from '../waiting-message.js'
import { EmbeddedLane, type LogParts } from './lane.js'
import { type LanePlace, type LeaseRecord, type MemberRecord, readLeases, readMember } from './leases.js'
import type { HeldPlace } from './operations.js'
import { hasEnded, ownIdentity } from './process-identity.js'
import type { Tree } from './store.js'
import { findTopic, getTopic } from './topics.js'

/** A holder that gave no sign of life for so long loses its lanes. */
export const SILENCE_MS = 10_000
const BEATS_IN_SILENCE = 5
const CHECKS_IN_SILENCE = 20
/** Commits come by the dozen a second; who waits for a lane need not look after each. */
const MIN_MS_BETWEEN_CHECKS = 100

/** A lane that is not ours, as last seen. */
interface OtherLane {
  place: LanePlace
  /** of each of its partitions */
  leases: (LeaseRecord | undefined)[]
  /** those who hold them, by id */
  holders: Map<string, MemberRecord>
}

/** Holds lanes of a topic, gives signs of life, and takes over the lanes of members that have gone. */
export class EmbeddedGroupMember implements GroupMember {
  /** What goes wrong here goes wrong with the next commit, too, which says so. */
  readonly failed = new Promise<never>(() => {})
  private readonly id = randomUUID()
  private readonly parts: LogParts
  private readonly options: GroupOptions
  private readonly silenceMs: number
  private readonly held = new Set<EmbeddedLane>()
  /** other members' last heartbeat, and when we saw it first, by our own clock that stands still with the machine */
  private readonly beats = new Map<string, { beat: number; sinceMs: number }>()
  private beat = 0
  private beatAtMs = 0
  private checkedAtMs = 0
  private timer: NodeJS.Timeout | undefined
  private unlisten = () => {}
  private checking: Promise<void> | undefined
  private left = false
  private said = ''

  /** @throws ExpectedError where there is no such topic */
  static async join(parts: LogParts, options: GroupOptions, silenceMs: number): Promise<EmbeddedGroupMember> {
    const member = new EmbeddedGroupMember(parts, options, silenceMs)
    await member.start()
    return member
  }

  private constructor(parts: LogParts, options: GroupOptions, silenceMs: number) {
    this.parts = parts
    this.options = options
    this.silenceMs = silenceMs
  }

  /** It is lost already: the store has refused it. */
  giveBack(): void {}

  async leave(): Promise<void> {
    if (this.left) return
    this.left = true
    clearInterval(this.timer)
    this.unlisten()
    await this.checking
    try {
      await this.parts.writer.run('leave', { id: this.id, lanes: [...this.held].map(heldPlace) })
    } finally {
      for (const lane of [...this.held]) lane.lose()
    }
  }

  private async start(): Promise<void> {
    const { topic, group } = this.options
    checkGroup(group)
    this.parts.store.read((tree) => getTopic(tree, topic))
    await this.giveSign()
    await this.check()
    this.timer = setInterval(() => this.checkInBackground(), this.silenceMs / CHECKS_IN_SILENCE).unref()
    this.unlisten = this.parts.store.watcher.listen(() => {
      if (performance.now() - this.checkedAtMs >= MIN_MS_BETWEEN_CHECKS) this.checkInBackground()
    })
  }

  /** What goes wrong here goes wrong again with the next commit, which says so. */
  private checkInBackground(): void {
    if (this.left || this.checking || this.parts.store.isClosed) return
    this.checking = this.check()
      .catch(() => undefined)
      .finally(() => {
        this.checking = undefined
      })
  }

  private async check(): Promise<void> {
    this.checkedAtMs = performance.now()
    if (performance.now() - this.beatAtMs >= this.silenceMs / BEATS_IN_SILENCE) await this.giveSign()
    const others = this.parts.store.read((tree) => this.otherLanes(tree))
    const gone = this.goneAmong(others)
    const free = others.filter(({ holders }) => [...holders.keys()].every((id) => gone.has(id)))
    if (free.length > 0) await this.take(free)
    this.announce(others.filter((lane) => !free.includes(lane)))
  }

  private async giveSign(): Promise<void> {
    this.beat++
    this.beatAtMs = performance.now()
    const record: MemberRecord = { ...ownIdentity(), label: this.options.member, beat: this.beat }
    await this.parts.writer.run('giveSign', { id: this.id, record })
  }

  private otherLanes(tree: Tree): OtherLane[] {
    const { topic, group } = this.options
    const record = findTopic(tree, topic)
    if (!record) return []
    const ours = new Set([...this.held].map((lane) => lane.partition))
    return lanesOf(record.partitions, this.options.whole)
      .filter(([first]) => !ours.has(first))
      .map((partitions) => {
        const place = { topic, topicId: record.id, partitions, group }
        const leases = readLeases(tree, place)
        return { place, leases, holders: holdersOf(tree, leases) }
      })
  }

  /** Ids of the holders that have ended or fallen silent. */
  private goneAmong(others: readonly OtherLane[]): Set<string> {
    const holders = new Map(others.flatMap((lane) => [...lane.holders]))
    const gone = [...holders].filter(([id, holder]) => hasEnded(holder) || this.isSilent(id, holder.beat))
    return new Set(gone.map(([id]) => id))
  }

  private isSilent(id: string, beat: number): boolean {
    const nowMs = performance.now()
    const last = this.beats.get(id)
    if (last?.beat === beat) return nowMs - last.sinceMs > this.silenceMs
    this.beats.set(id, { beat, sinceMs: nowMs })
    return false
  }

  private async take(lanes: readonly OtherLane[]): Promise<void> {
    const seen = lanes.map(({ place, leases }) => ({ place, leases }))
    const grants = await this.parts.writer.run('takeLanes', { lanes: seen, holder: this.id })
    for (const grant of grants) {
      const lane = new EmbeddedLane(this.parts, grant)
      this.held.add(lane)
      lane.lost.addEventListener('abort', () => this.held.delete(lane))
      if (!this.left) this.options.onLane(lane)
    }
  }

  private announce(others: readonly OtherLane[]): void {
    const holders = others.map((lane) => [...lane.holders.values()][0]?.label ?? 'another process')
    const { topic, group } = this.options
    const message =
      holders.length === 0 ? '' : waitingMessage({ topic, group, holders, lanes: others.length + this.held.size })
    if (message !== '' && message !== this.said) this.options.onWaiting(message)
    this.said = message
  }
}

/** The partitions of each lane of a topic. */
function lanesOf(partitions: number, whole: boolean): number[][] {
  const all = Array.from({ length: partitions }, (_, partition) => partition)
  return whole ? [all] : all.map((partition) => [partition])
}

/** Members that hold one of the leases; one of which nothing is known any more holds nothing. */
function holdersOf(tree: Tree, leases: readonly (LeaseRecord | undefined)[]): Map<string, MemberRecord> {
  const ids = leases.flatMap((lease) => lease?.holder ?? [])
  return new Map(
    ids.flatMap((id) => {
      const member = readMember(tree, id)
      return member ? [[id, member] as const] : []
    }),
  )
}

function checkGroup(group: string): void {
  if (/^[^\p{Cc}]{1,249}$/u.test(group)) return
  throw new ExpectedError(`"${group}" can't be the name of a group`, ['use 1 to 249 characters that can be printed'])
}

const heldPlace = ({ place, lease }: EmbeddedLane): HeldPlace => ({ place, epoch: lease.epoch })
