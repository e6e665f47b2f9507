import type { PartitionAssigner } from 'kafkajs'
import type { KafkaJs } from '../client/internals.js'
import { shareOut } from './share-out.js'

/** The name that all members of a group must know: no foreign consumer takes part in the work on lanes. */
const NAME = 'dtstream-lanes'
const VERSION = 0

/** Members keep the lanes that they have, as far as the shares stay even. `owned` tells which these are, at every join. */
export function stickyAssigner({ internals }: KafkaJs, owned: () => readonly number[]): PartitionAssigner {
  const { MemberAssignment, MemberMetadata } = internals.AssignerProtocol
  return ({ cluster }) => ({
    name: NAME,
    version: VERSION,
    async assign({ members, topics: [topic] }) {
      const claims = members.map(({ memberId, memberMetadata }) => ({
        id: memberId,
        owned: ownedIn(MemberMetadata.decode(memberMetadata)?.userData),
      }))
      const partitions = cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionId)
      return [...shareOut(partitions, claims)].map(([memberId, shares]) => ({
        memberId,
        memberAssignment: MemberAssignment.encode({
          version: VERSION,
          assignment: { [topic]: shares },
          userData: Buffer.alloc(0),
        }),
      }))
    },
    protocol: ({ topics }) => ({
      name: NAME,
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
