import { Args, Flags } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { confirm } from '../../cli/confirm.js'
import { formatBytes, plural } from '../../cli/numbers.js'
import { existingTopic, type TopicFacts, topicFacts } from '../../cli/topic-facts.js'
import { EXIT, ExpectedError } from '../../errors.js'

export default class TopicsDelete extends BaseCommand {
  static override summary = 'Delete topics and all they hold.'
  static override description = [
    'Deletes the messages of a topic and what its groups have committed. Asks first on a terminal; anywhere else --yes is',
    'needed. Where one of the topics is not there, none is deleted.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %> data_clean',
    {
      description: 'Start over, without a question',
      command: '<%= config.bin %> <%= command.id %> data_raw data_clean --yes',
    },
  ]
  static override args = {
    names: Args.string({ description: 'topics to delete', required: true, multiple: true, ignoreStdin: true }),
  }
  static override flags = {
    yes: Flags.boolean({ char: 'y', description: 'do not ask' }),
  }

  async run(): Promise<{ deleted: string[] }> {
    const { args, flags } = await this.parse(TopicsDelete)
    const log = await this.openLog()
    const names = [...new Set(args.names)]
    const topics: TopicFacts[] = []
    for (const name of names) topics.push(topicFacts(await existingTopic(log, name)))
    if (!flags.yes && !(await this.#isConfirmed(topics))) {
      this.log('nothing deleted')
      return { deleted: [] }
    }
    for (const name of names) {
      await log.deleteTopic(name)
      this.log(`deleted ${name}`)
    }
    return { deleted: names }
  }

  #isConfirmed(topics: TopicFacts[]): Promise<boolean> {
    const all = topics.map(
      ({ name, messages, bytes }) => `${name} (${plural(messages, 'message')}, ${formatBytes(bytes)})`,
    )
    if (process.stdin.isTTY && !this.jsonEnabled()) return confirm(`Delete ${all.join(', ')}?`)
    throw new ExpectedError('there is no terminal to ask whether to delete', ['the same again with --yes'], EXIT.usage)
  }
}
