import type { Admin, GroupDescription } from 'kafkajs'
import type { GroupInfo } from '../../log.js'
import type { Internals } from '../client/internals.js'
import { progressIn } from './lane-metadata.js'

/** Groups with offsets that were committed by dtstream on this topic, by name. */
export async function groupsOn(admin: Admin, internals: Internals, topic: string): Promise<GroupInfo[]> {
  const { groups } = await admin.listGroups()
  const ids = groups.filter(({ protocolType }) => protocolType === 'consumer' || protocolType === '')
  const found: GroupInfo[] = []
  for (const { groupId } of ids) {
    const lanes = await lanesOf(admin, internals, groupId, topic)
    if (lanes.length > 0) found.push({ group: groupId, lanes })
  }
  return found.sort((a, b) => (a.group < b.group ? -1 : 1))
}

async function lanesOf(
  admin: Admin,
  internals: Internals,
  groupId: string,
  topic: string,
): Promise<GroupInfo['lanes']> {
  const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] })
  const lanes = (committed?.partitions ?? []).flatMap(({ partition, offset, metadata }) => {
    const progress = Number(offset) >= 0 ? progressIn(metadata) : undefined
    return progress ? [{ partition, ...progress }] : []
  })
  if (lanes.length === 0) return []
  const holders = await holdersOf(admin, internals, groupId, topic)
  return lanes
    .map((lane) => ({ ...lane, holder: holders.get(lane.partition) }))
    .sort((a, b) => a.partition - b.partition)
}

/** What the members call themselves, by partition. */
export async function holdersOf(
  admin: Admin,
  internals: Internals,
  groupId: string,
  topic: string,
): Promise<Map<number, string>> {
  const { groups } = await admin.describeGroups([groupId])
  return new Map(groups.flatMap((group) => heldIn(group, internals, topic)))
}

function heldIn({ members }: GroupDescription, internals: Internals, topic: string): [number, string][] {
  return members.flatMap(({ clientId, memberAssignment }) => {
    const decoded = internals.AssignerProtocol.MemberAssignment.decode(memberAssignment)
    return (decoded?.assignment[topic] ?? []).map((partition): [number, string] => [partition, clientId])
  })
}
