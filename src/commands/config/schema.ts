import { toConfiguredId } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { configSchema } from '../../cli/config/schema.js'

export default class ConfigSchema extends BaseCommand {
  static override summary = 'Print the JSON schema of dtstream.yaml, for editors.'
  static override description = [
    'Editors that know the schema complete the names of commands and flags, show what they mean, and mark what is not right.',
    "The file's first line may name it: `# yaml-language-server: $schema=dtstream.schema.json`.",
  ].join(' ')
  static override examples = ['<%= config.bin %> <%= command.id %> > dtstream.schema.json']

  async run(): Promise<ReturnType<typeof configSchema>> {
    await this.parse(ConfigSchema)
    const own = this.config.commands.filter(({ pluginName, hidden }) => pluginName === this.config.name && !hidden)
    const schema = configSchema(new Map(own.map(({ id, flags }) => [toConfiguredId(id, this.config), flags])))
    this.log(JSON.stringify(schema, null, 2))
    return schema
  }
}
