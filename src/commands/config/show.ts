import { Args, type Command, toConfiguredId } from '@oclif/core'
import { BaseCommand } from '../../cli/base-command.js'
import { heldAsJson, heldInWords } from '../../cli/config/show.js'
import { EXIT, ExpectedError } from '../../errors.js'
import { nearestName } from '../../nearest-name.js'

export default class ConfigShow extends BaseCommand {
  static override summary = 'Show what the flags of a command hold, and where each value comes from.'
  static override description = [
    'For a command, or for all: each flag that has a value, and whether that stands in the arguments, in the environment,',
    'in a config file (with line, column and profile), or is the default. Nothing is run. Arguments of the command may',
    'follow behind -- to see what they change. Relative paths of files are shown as they are read: from the folder of the',
    'file. Secrets are not shown.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> process --profile lab',
    {
      description: 'With arguments of the command',
      command: '<%= config.bin %> <%= command.id %> replay -- --rate 5k/s',
    },
    {
      description: 'Where the log is said to be',
      command: "<%= config.bin %> <%= command.id %> topics list --json | jq '.commands[].log'",
    },
  ]
  static override args = {
    command: Args.string({
      description: 'command to show, as typed; without it all',
      multiple: true,
      ignoreStdin: true,
    }),
  }

  async run(): Promise<ReturnType<typeof heldAsJson>> {
    const at = this.argv.indexOf('--')
    const [own, behind] = at < 0 ? [this.argv, []] : [this.argv.slice(0, at), this.argv.slice(at + 1)]
    const { args, raw } = await this.parse(ConfigShow, own)
    const shared = raw.flatMap((token) =>
      token.type === 'flag' && token.flag !== 'json' ? [`--${token.flag}=${token.input}`] : [],
    )
    const held = new Map<string, Awaited<ReturnType<BaseCommand['held']>>>()
    for (const command of this.commandsFor(args.command?.join(' '), behind)) {
      const one = await this.instanceOf(command, [...shared, ...behind])
      held.set(toConfiguredId(command.id, this.config), await one.held())
    }
    this.log(heldInWords(held))
    return heldAsJson(held)
  }

  /** The command of this name; all without one. */
  private commandsFor(name: string | undefined, behind: readonly string[]): Command.Loadable[] {
    const all = this.config.commands.filter(({ pluginName, hidden }) => pluginName === this.config.name && !hidden)
    if (name === undefined && behind.length > 0)
      throw new ExpectedError(
        'arguments behind -- are those of one command, and none is named',
        ['dtstream config show replay -- --rate 5k/s'],
        EXIT.usage,
      )
    if (name === undefined) return all
    const names = all.map(({ id }) => toConfiguredId(id, this.config))
    const command = all[names.indexOf(name)]
    if (command) return [command]
    const near = nearestName(name, names)
    throw new ExpectedError(`there is no command '${name}'`, near ? [`dtstream config show ${near}`] : [], EXIT.usage)
  }

  private async instanceOf(command: Command.Loadable, argv: string[]): Promise<BaseCommand> {
    const instance: unknown = Reflect.construct(await command.load(), [argv, this.config])
    if (instance instanceof BaseCommand) return instance
    throw new Error(`${command.id} is no command of dtstream's`)
  }
}
