import type { PartitionAssigner } from 'kafkajs'
import type { KafkaJs } from '../client/internals.js'
import { shareOut } from './share-out.js'

/** All members of a group must know the name, so no foreign consumer takes part, and none that sees the lanes otherwise. */
const NAMES = { apart: 'dtstream-lanes', whole: 'dtstream-one-lane' }
const VERSION = 0

export interface AssignerOptions {
  /** all partitions are one lane */
  whole: boolean
  /** the partitions that the member has; asked for at every join */
  owned(): readonly number[]
}

/** Members keep the lanes that they have, as far as the shares stay even. */
export function stickyAssigner({ internals }: KafkaJs, { whole, owned }: AssignerOptions): PartitionAssigner {
  const { MemberAssignment, MemberMetadata } = internals.AssignerProtocol
  const name = whole ? NAMES.whole : NAMES.apart
  return ({ cluster }) => ({
    name,
    version: VERSION,
    async assign({ members, topics: [topic] }) {
      const claims = members.map(({ memberId, memberMetadata }) => ({
        id: memberId,
        owned: ownedIn(MemberMetadata.decode(memberMetadata)?.userData),
      }))
      const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)
      const shares = shareOut(whole ? [0] : partitions, claims)
      return [...shares].map(([memberId, share]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment: { [topic]: whole && share.length > 0 ? partitions : share },
          userData: Buffer.alloc(0),
        }),
      }))
    },
    protocol: ({ topics }) => ({
      name,
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.from(JSON.stringify(owned())) }),
    }),
  })
}

function ownedIn(userData: Buffer | undefined): number[] {
  try {
    const owned: unknown = JSON.parse(String(userData))
    return Array.isArray(owned) ? owned.filter(Number.isInteger) : []
  } catch {
    return []
  }
}
