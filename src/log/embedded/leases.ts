import type { LaneState } from '../../core/orbits/lane-state.js'
import type { GroupInfo, LaneLease } from '../log.js'
import { EPOCH_COUNTER_KEY, groupIn, leaseKey, memberKey, partitionIn, rangeOf, stateKey } from './keys.js'
import { hasEnded, type ProcessIdentity } from './process-identity.js'
import { nextNumber, putJson, readJson, readPartition } from './records.js'
import type { Tree } from './store.js'
import { findTopic, getTopic } from './topics.js'

/** A lane as the store knows it: a partition of a topic, worked on by one member of a group. */
export interface LanePlace {
  readonly topic: string
  readonly topicId: number
  readonly partition: number
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
  state: LaneState | undefined
  startOffset: number
  endOffset: number
}

export function readLease(tree: Tree, { topicId, partition, group }: LanePlace): LeaseRecord | undefined {
  return readJson(tree, leaseKey(topicId, partition, group))
}

/** Whether whoever has this epoch still holds the lane. */
export function holds(tree: Tree, place: LanePlace, epoch: number): boolean {
  const lease = readLease(tree, place)
  return lease?.epoch === epoch && lease.holder !== undefined
}

/**
 * Takes a lane from the holder that was seen, who is shut out by the new epoch before the state is read; undefined where
 * the lane changed hands meanwhile, or its topic was deleted.
 */
export function takeLane(
  tree: Tree,
  place: LanePlace,
  seen: LeaseRecord | undefined,
  holder: string,
): Grant | undefined {
  const lease = readLease(tree, place)
  if (lease?.epoch !== seen?.epoch || lease?.holder !== seen?.holder) return undefined
  if (!readPartition(tree, place.topicId, place.partition)) return undefined
  if (lease?.holder) tree.remove(memberKey(lease.holder))
  const epoch = nextNumber(tree, EPOCH_COUNTER_KEY)
  putJson(tree, leaseKey(place.topicId, place.partition, place.group), { epoch, holder } satisfies LeaseRecord)
  return grantOf(tree, place, epoch)
}

/** undefined where the partition is gone. */
export function grantOf(tree: Tree, place: LanePlace, epoch: number): Grant | undefined {
  const offsets = readPartition(tree, place.topicId, place.partition)
  if (!offsets) return undefined
  return { place, epoch, state: readState(tree, place), startOffset: offsets.start, endOffset: offsets.end }
}

/** What whoever has this lease finds; undefined where it is no longer the lane's. */
export function grantFor(tree: Tree, { topic, partition, group, epoch }: LaneLease): Grant | undefined {
  const topicId = findTopic(tree, topic)?.id
  if (topicId === undefined) return undefined
  const place = { topic, topicId, partition, group }
  return holds(tree, place, epoch) ? grantOf(tree, place, epoch) : undefined
}

export function giveBack(tree: Tree, place: LanePlace, epoch: number): void {
  if (!holds(tree, place, epoch)) return
  putJson(tree, leaseKey(place.topicId, place.partition, place.group), { epoch } satisfies LeaseRecord)
}

function readState(tree: Tree, { topicId, partition, group }: LanePlace): LaneState | undefined {
  return readJson(tree, stateKey(topicId, partition, group))
}

export function putState(tree: Tree, { topicId, partition, group }: LanePlace, state: LaneState): void {
  putJson(tree, stateKey(topicId, partition, group), state)
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
    const place = { topic, topicId: id, partition: partitionIn(key), group: groupIn(key) }
    const info = groups.get(place.group) ?? { group: place.group, lanes: [] }
    groups.set(place.group, info)
    const { nextOffset, nextMessage } = readState(tree, place) ?? { nextOffset: 0, nextMessage: 0 }
    info.lanes.push({ partition: place.partition, nextOffset, nextMessage, holder: holderLabel(tree, place) })
  }
  return [...groups.values()].sort((a, b) => (a.group < b.group ? -1 : 1))
}

function holderLabel(tree: Tree, place: LanePlace): string | undefined {
  const holder = readLease(tree, place)?.holder
  const member = holder === undefined ? undefined : readMember(tree, holder)
  return member && !hasEnded(member) ? member.label : undefined
}
