import type { LaneState } from '../../core/orbits/lane-state.js'
import { isOf, overlaps, stateFor } from '../lane-states.js'
import type { GroupInfo, LaneExtent, LaneLease } from '../log.js'
import { EPOCH_COUNTER_KEY, groupIn, leaseKey, memberKey, partitionIn, rangeOf, stateKey } from './keys.js'
import { hasEnded, type ProcessIdentity } from './process-identity.js'
import { nextNumber, putJson, readJson, readPartition } from './records.js'
import type { Tree } from './store.js'
import { findTopic, getTopic } from './topics.js'

/** A lane as the store knows it: partitions of a topic, worked on by one member of a group, who has the leases of all. */
export interface LanePlace {
  readonly topic: string
  readonly topicId: number
  /** ascending */
  readonly partitions: readonly number[]
  readonly group: string
}

export interface LeaseRecord {
  /** unique in the store, and larger with every change of hands */
  epoch: number
  /** id of the member that holds it; none when it was given back */
  holder?: string
}

export interface MemberRecord extends ProcessIdentity {
  /** for the user's eyes */
  label: string
  /** counts up while the member lives */
  beat: number
}

/** What a new holder finds. */
export interface Grant {
  place: LanePlace
  epoch: number
  extents: LaneExtent[]
  state: LaneState | undefined
}

/** The lease of each of the lane's partitions. */
export function readLeases(tree: Tree, { topicId, partitions, group }: LanePlace): (LeaseRecord | undefined)[] {
  return partitions.map((partition) => readJson(tree, leaseKey(topicId, partition, group)))
}

/** Whether whoever has this epoch still holds the lane. */
export function holds(tree: Tree, place: LanePlace, epoch: number): boolean {
  return readLeases(tree, place).every((lease) => lease?.epoch === epoch && lease.holder !== undefined)
}

/**
 * Takes a lane from the holders that were seen, who are shut out by the new epoch before the state is read; undefined where
 * a partition of it changed hands meanwhile, or its topic was deleted.
 */
export function takeLane(
  tree: Tree,
  place: LanePlace,
  seen: readonly (LeaseRecord | undefined)[],
  holder: string,
): Grant | undefined {
  const leases = readLeases(tree, place)
  if (leases.some((lease, i) => lease?.epoch !== seen[i]?.epoch || lease?.holder !== seen[i]?.holder)) return undefined
  const extents = extentsOf(tree, place)
  if (!extents) return undefined
  for (const lease of leases) if (lease?.holder) tree.remove(memberKey(lease.holder))
  const epoch = nextNumber(tree, EPOCH_COUNTER_KEY)
  putLeases(tree, place, { epoch, holder })
  const own = readState(tree, place, place.partitions[0])
  return { place, epoch, extents, state: own && isOf(place, own) ? own : undefined }
}

/**
 * What whoever has this lease finds; undefined where it is no longer the lane's.
 * @throws ExpectedError where the group has sent results of other lanes with these partitions
 */
export function openLane(tree: Tree, lease: LaneLease): Grant | undefined {
  const { topic, partitions, group, epoch } = lease
  const topicId = findTopic(tree, topic)?.id
  if (topicId === undefined) return undefined
  const place = { topic, topicId, partitions, group }
  const extents = holds(tree, place, epoch) ? extentsOf(tree, place) : undefined
  if (!extents) return undefined
  const committed = [...new Set([0, ...partitions])].map((partition) => readState(tree, place, partition))
  return { place, epoch, extents, state: stateFor(lease, committed) }
}

export function giveBack(tree: Tree, place: LanePlace, epoch: number): void {
  if (holds(tree, place, epoch)) putLeases(tree, place, { epoch })
}

function putLeases(tree: Tree, { topicId, partitions, group }: LanePlace, lease: LeaseRecord): void {
  for (const partition of partitions) putJson(tree, leaseKey(topicId, partition, group), lease)
}

/** undefined where a partition is gone. */
function extentsOf(tree: Tree, { topicId, partitions }: LanePlace): LaneExtent[] | undefined {
  const extents = partitions.flatMap((partition) => {
    const offsets = readPartition(tree, topicId, partition)
    return offsets ? [{ partition, startOffset: offsets.start, endOffset: offsets.end }] : []
  })
  return extents.length === partitions.length ? extents : undefined
}

type GroupPlace = Pick<LanePlace, 'topicId' | 'group'>

function readState(tree: Tree, { topicId, group }: GroupPlace, partition: number): LaneState | undefined {
  return readJson(tree, stateKey(topicId, partition, group))
}

/** The state of a lane lies under its first partition. That of other lanes with its partitions is gone with it. */
export function putState(tree: Tree, { topicId, partitions, group }: LanePlace, state: LaneState): void {
  for (const partition of new Set([0, ...partitions])) {
    const other = readState(tree, { topicId, group }, partition)
    if (other && overlaps({ partitions }, other)) tree.remove(stateKey(topicId, partition, group))
  }
  putJson(tree, stateKey(topicId, partitions[0], group), state)
}

export function readMember(tree: Tree, id: string): MemberRecord | undefined {
  return readJson(tree, memberKey(id))
}

/** Groups with their committed lanes, by name and partition. */
export function describeGroups(tree: Tree, topic: string): GroupInfo[] {
  const { id } = getTopic(tree, topic)
  const { from, to } = rangeOf('S', id)
  const groups = new Map<string, GroupInfo>()
  for (const key of tree.keys(from, to)) {
    const place = { topicId: id, group: groupIn(key) }
    const info = groups.get(place.group) ?? { group: place.group, lanes: [] }
    groups.set(place.group, info)
    const { positions = [], nextMessage = 0 } = readState(tree, place, partitionIn(key)) ?? {}
    for (const { partition, nextOffset } of positions)
      info.lanes.push({ partition, nextOffset, nextMessage, holder: holderLabel(tree, place, partition) })
  }
  return [...groups.values()].sort((a, b) => (a.group < b.group ? -1 : 1))
}

function holderLabel(tree: Tree, { topicId, group }: GroupPlace, partition: number): string | undefined {
  const holder = readJson<LeaseRecord>(tree, leaseKey(topicId, partition, group))?.holder
  const member = holder === undefined ? undefined : readMember(tree, holder)
  return member && !hasEnded(member) ? member.label : undefined
}
