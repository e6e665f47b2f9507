import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { formatBytes, formatCount, plural } from '../../cli/numbers.js'
import { table } from '../../cli/table.js'
import { existingTopic, formatRetention, type TopicFacts, topicFacts } from '../../cli/topic-facts.js'
import type { GroupInfo, PartitionBrokers, TopicInfo } from '../../log/log.js'

interface PartitionFacts {
  partition: number
  start: number
  end: number
  bytes: number
  /** who has it, where the log is Kafka */
  brokers?: PartitionBrokers
}

interface GroupFacts {
  group: string
  /** messages not yet counted */
  lag: number
  lanes: { partition: number; nextOffset: number; lag: number; holder: string | null }[]
}

type TopicDescription = TopicFacts & { offsets: PartitionFacts[]; groups: GroupFacts[] }

export default class TopicsDescribe extends BaseCommand {
  static override summary = 'Describe one topic: its partitions, and the groups that work on it.'
  static override description = [
    'For each partition: the first offset kept, the next to be written, and the bytes kept; on Kafka also its leader, its',
    'replicas and which of them are in sync. For each group: how far each',
    'of its lanes has come, how many messages it lags behind, and who holds the lane now.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %> data_raw',
    {
      description: 'How far the groups lag behind',
      command: "<%= config.bin %> <%= command.id %> data_raw --json | jq '.groups[] | {group, lag}'",
    },
  ]
  static override args = {
    name: Args.string({ description: 'topic to describe', required: true, ignoreStdin: true }),
  }

  async run(): Promise<TopicDescription> {
    const { args } = await this.parse(TopicsDescribe)
    const log = await this.openLog()
    const topic = await existingTopic(log, args.name)
    const description = describe(topic, await log.groups(topic.name))
    this.log(shown(description))
    return description
  }
}

function describe(topic: TopicInfo, groups: GroupInfo[]): TopicDescription {
  const offsets = topic.offsets.map((offset, partition) => {
    const brokers = topic.brokers?.[partition]
    return { partition, ...offset, ...(brokers ? { brokers } : {}) }
  })
  return { ...topicFacts(topic), offsets, groups: groups.map((group) => groupFacts(group, topic)) }
}

function groupFacts({ group, lanes }: GroupInfo, topic: TopicInfo): GroupFacts {
  const facts = lanes.map(({ partition, nextOffset, holder }) => {
    // what retention took away cannot be caught up with
    const { start, end } = topic.offsets[partition]
    return { partition, nextOffset, lag: end - Math.max(start, nextOffset), holder: holder ?? null }
  })
  return { group, lag: facts.reduce((sum, { lag }) => sum + lag, 0), lanes: facts }
}

function shown(topic: TopicDescription): string {
  const { name, messages, bytes, keyedByOrbit, offsets, groups } = topic
  const isOnBrokers = offsets.some(({ brokers }) => brokers)
  const head = [
    `${name}: ${plural(messages, 'message')}, ${formatBytes(bytes)}, keeps at most ${formatRetention(topic)}`,
    keyedByOrbit ? 'keyed by orbit: each partition is a lane' : 'not keyed by orbit: all partitions are one lane',
  ].join('\n')
  const parts = table(
    ['partition', 'first', 'next', 'bytes', ...(isOnBrokers ? ['leader', 'replicas', 'in sync'] : [])],
    offsets.map(({ partition, start, end, bytes, brokers }) => [
      ...[partition, start, end, formatBytes(bytes)].map(String),
      ...(brokers ? [brokers.leader, brokers.replicas, brokers.inSync].map(String) : []),
    ]),
    ['partition', 'first', 'next', 'bytes', 'leader'],
  )
  return [head, parts, ...groups.map(groupShown)].join('\n\n')
}

function groupShown({ group, lag, lanes }: GroupFacts): string {
  const rows = lanes.map((lane) => [
    String(lane.partition),
    String(lane.nextOffset),
    formatCount(lane.lag),
    lane.holder ?? 'nobody',
  ])
  const body = table(['partition', 'next', 'lag', 'held by'], rows, ['partition', 'next', 'lag'])
  return `group ${group}: lags ${plural(lag, 'message')} behind\n${body}`
}
