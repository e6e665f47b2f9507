import { BaseCommand } from '../../cli/base-command.js'
import { formatBytes, formatCount } from '../../cli/numbers.js'
import { table } from '../../cli/table.js'
import { formatRetention, type TopicFacts, topicFacts } from '../../cli/topic-facts.js'

export default class TopicsList extends BaseCommand {
  static override summary = 'List the topics of the log.'
  static override description = 'Shows the partitions of each topic, the messages and bytes it keeps, and for how long.'
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'Their names alone',
      command: "<%= config.bin %> <%= command.id %> --json | jq -r '.[].name'",
    },
  ]

  async run(): Promise<TopicFacts[]> {
    await this.parse(TopicsList)
    const log = await this.openLog()
    const topics = (await log.topics()).map(topicFacts)
    this.log(topics.length > 0 ? listed(topics) : `no topics in ${log.name}`)
    return topics
  }
}

function listed(topics: TopicFacts[]): string {
  const rows = topics.map((topic) => [
    topic.name,
    formatCount(topic.partitions),
    formatCount(topic.messages),
    formatBytes(topic.bytes),
    topic.keyedByOrbit ? 'yes' : 'no',
    formatRetention(topic),
  ])
  const titles = ['topic', 'partitions', 'messages', 'bytes', 'keyed by orbit', 'keeps at most']
  return table(titles, rows, ['partitions', 'messages', 'bytes'])
}
