import {
  type GroupInfo,
  type GroupOptions,
  type Lane,
  type LaneLease,
  LaneLostError,
  type Log,
  type LogPlace,
  type OutgoingBatch,
  type PartitionOffsets,
  type PartitionReader,
  type Progress,
  type TopicInfo,
  type TopicSpec,
} from '../log.js'
import { EmbeddedGroupMember } from './group-member.js'
import { progressKey } from './keys.js'
import { EmbeddedLane, type LogParts } from './lane.js'
import { describeGroups } from './leases.js'
import { EmbeddedReader, type PartitionPlace } from './reader.js'
import { readJson } from './records.js'
import type { Tree } from './store.js'
import { describeTopic, getTopic, hasGarbage, partitionOf, topicNames } from './topics.js'

/** The log in a folder of this machine: any number of processes and threads at once, nothing to install. */
export class EmbeddedLog implements Log {
  readonly name: string
  readonly place: LogPlace
  private readonly parts: LogParts
  private readonly silenceMs: number
  private readonly members = new Set<EmbeddedGroupMember>()

  constructor(parts: LogParts, silenceMs: number) {
    this.name = parts.store.folder
    this.place = { kind: 'embedded', folder: parts.store.folder }
    this.parts = parts
    this.silenceMs = silenceMs
  }

  async createTopic(spec: TopicSpec): Promise<void> {
    await this.parts.writer.run('createTopic', spec)
  }

  async deleteTopic(name: string): Promise<void> {
    await this.parts.writer.run('deleteTopic', name)
    await this.sweep()
  }

  async topics(): Promise<TopicInfo[]> {
    return this.parts.store.read((tree) => topicNames(tree).flatMap((name) => describeTopic(tree, name) ?? []))
  }

  async topic(name: string): Promise<TopicInfo | undefined> {
    return this.parts.store.read((tree) => describeTopic(tree, name))
  }

  async offsets(topic: string): Promise<PartitionOffsets[] | undefined> {
    return (await this.topic(topic))?.offsets
  }

  async append(topic: string, batches: readonly OutgoingBatch[], progress?: Progress): Promise<void> {
    await this.parts.writer.run('append', { topic, batches, progress })
  }

  async progress(key: string): Promise<unknown> {
    return this.parts.store.read((tree) => readJson(tree, progressKey(key)))
  }

  async reader(topic: string, partition: number, from: number): Promise<PartitionReader> {
    const place = this.parts.store.read((tree) => placeOf(tree, topic, partition))
    return new EmbeddedReader(this.parts.store, place, from)
  }

  async joinGroup(options: GroupOptions): Promise<EmbeddedGroupMember> {
    const member = await EmbeddedGroupMember.join(this.parts, options, this.silenceMs)
    this.members.add(member)
    return member
  }

  async openLane(lease: LaneLease): Promise<Lane> {
    const grant = await this.parts.writer.run('openLane', lease)
    if (!grant) throw new LaneLostError(lease.topic, lease.partition)
    return new EmbeddedLane(this.parts, grant)
  }

  async groups(topic: string): Promise<GroupInfo[]> {
    return this.parts.store.read((tree) => describeGroups(tree, topic))
  }

  async close(): Promise<void> {
    try {
      for (const member of this.members) await member.leave()
    } finally {
      await this.parts.writer.close()
      await this.parts.store.close()
    }
  }

  /** Drops what deleted topics left behind; also after a process that was killed while it did so. */
  async sweep(): Promise<void> {
    if (!this.parts.store.read(hasGarbage)) return
    while (await this.parts.writer.run('sweep', undefined));
  }
}

function placeOf(tree: Tree, topic: string, partition: number): PartitionPlace {
  const { id } = getTopic(tree, topic)
  partitionOf(tree, topic, id, partition)
  return { topic, topicId: id, partition }
}
