import { Args } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { countFlag, durationFlag, sizeFlag } from '../../cli/flags.js'
import { formatBytes, formatTime, plural } from '../../cli/numbers.js'
import { EXIT, ExpectedError } from '../../errors.js'
import { DEFAULT_TOPICS, defaultSpec } from '../../log/default-topics.js'
import type { Log, TopicInfo } from '../../log/log.js'

/** What may be asked of a topic, and how that reads. */
const SETTINGS = {
  partitions: (value: number) => plural(value, 'partition'),
  replicationFactor: (value: number) => plural(value, 'replica'),
  retentionBytes: (value: number) => (Number.isFinite(value) ? `room for ${formatBytes(value)}` : 'room without limit'),
  retentionMs: (value: number) => (Number.isFinite(value) ? `${formatTime(value)} to keep` : 'for ever to keep'),
} as const

type Setting = keyof typeof SETTINGS
type Settings = Partial<Record<Setting, number>>

interface Difference {
  setting: Setting
  has: number
  wanted: number
}

interface Outcome {
  name: string
  outcome: 'created' | 'exists' | 'differs'
  partitions: number
  differences: Difference[]
}

export default class TopicsCreate extends BaseCommand {
  static override summary = 'Create topics; without names data_raw and data_clean.'
  static override description = [
    'Without names: data_raw with 10 partitions and data_clean with 1. A topic that is there already is left as it is;',
    'where it differs from what was asked for, that is said and the exit code is 1. replay and process create theirs',
    'themselves when missing.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> calibration --partitions 4 --retention-bytes 1GiB --retention 7d',
  ]
  static override args = {
    names: Args.string({ description: 'topics to create', multiple: true, ignoreStdin: true }),
  }
  static override flags = {
    partitions: countFlag({
      char: 'p',
      min: 1,
      max: 1000,
      description: 'partitions of each topic named; without it 10, but 1 for data_clean',
    }),
    'replication-factor': countFlag({
      min: 1,
      max: 100,
      description: 'copies of each partition, each with another broker; without it, as the brokers have it set',
    }),
    'retention-bytes': sizeFlag({
      min: 1,
      description: "bytes to keep of each topic; without it, the log's own limit",
    }),
    retention: durationFlag({ min: 1, description: "how long to keep messages; without it, the log's own limit" }),
  }

  async run(): Promise<{ topics: Outcome[] }> {
    const { args, flags } = await this.parse(TopicsCreate)
    const names = args.names ?? []
    if (names.length === 0 && flags.partitions !== undefined) {
      throw new ExpectedError(
        '--partitions needs the name of a topic',
        ['dtstream topics create NAME --partitions 4'],
        EXIT.usage,
      )
    }
    const asked = settings({
      partitions: flags.partitions,
      replicationFactor: flags['replication-factor'],
      retentionBytes: flags['retention-bytes'],
      retentionMs: flags.retention,
    })
    const log = await this.openLog()
    const topics: Outcome[] = []
    for (const name of names.length > 0 ? new Set(names) : DEFAULT_TOPICS.map((topic) => topic.name)) {
      const outcome = await create(log, name, asked)
      this.log(sentence(outcome))
      topics.push(outcome)
    }
    if (topics.some(({ outcome }) => outcome === 'differs')) process.exitCode = EXIT.failure
    return { topics }
  }
}

/** Those that were given. */
function settings(flags: Record<Setting, number | undefined>): Settings {
  return Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
}

async function create(log: Log, name: string, asked: Settings): Promise<Outcome> {
  const spec = { ...defaultSpec(name), ...asked }
  const there = await log.topic(name)
  if (!there) {
    await log.createTopic(spec)
    return { name, outcome: 'created', partitions: spec.partitions, differences: [] }
  }
  const isDefault = DEFAULT_TOPICS.some((topic) => topic.name === name)
  const differences = differencesOf(there, isDefault ? spec : asked)
  return { name, outcome: differences.length > 0 ? 'differs' : 'exists', partitions: there.partitions, differences }
}

function differencesOf(topic: TopicInfo, asked: Settings): Difference[] {
  const names = Object.keys(SETTINGS) as Setting[]
  return names.flatMap((setting) => {
    const wanted = asked[setting]
    return wanted === undefined || isAsWanted(topic, setting, wanted) ? [] : [{ setting, has: topic[setting], wanted }]
  })
}

/** A log that counts the bytes of each partition by itself keeps a few less in all. */
function isAsWanted(topic: TopicInfo, setting: Setting, wanted: number): boolean {
  const has = topic[setting]
  return has === wanted || (setting === 'retentionBytes' && Math.abs(has - wanted) < topic.partitions)
}

function sentence({ name, outcome, partitions, differences }: Outcome): string {
  if (outcome === 'created') return `created ${name} with ${plural(partitions, 'partition')}`
  if (outcome === 'exists') return `${name} exists already, with ${plural(partitions, 'partition')}`
  const each = differences.map(({ setting, has, wanted }) => {
    const words = SETTINGS[setting]
    return `it has ${words(has)}, not ${words(wanted)}`
  })
  return `${name} exists already and differs: ${each.join('; ')}`
}
