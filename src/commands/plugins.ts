import { BaseCommand } from '../cli/base-command.js'
import { pluginFlag } from '../cli/plugin-flag.js'
import { type ListedScheme, listSchemes } from '../plugins/list-schemes.js'
import { POLICY_OPTIONS } from '../sinks/policy/policy.js'

/** With `--json`. */
interface Listing {
  schemes: ListedScheme[]
  /** options that every sink but a topic has, beside its own */
  sinkOptions: Record<string, string>
}

const TITLES: Record<ListedScheme['kind'], string> = {
  'source of rows': 'sources of rows (replay, process: --from)',
  'source of results': 'sources of results (merge: --from)',
  'sink of results': 'sinks of results (process, merge: --to)',
}

export default class Plugins extends BaseCommand {
  static override summary = 'List what --from and --to can name, and where it comes from.'
  static override description = [
    'Sources of rows, sources of results and sinks of results, each with how its URI is written: those built in, and those of',
    'the plug-ins that are named. A plug-in that cannot be used is told of here as everywhere.',
  ].join(' ')
  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    {
      description: 'With those of a package',
      command: '<%= config.bin %> <%= command.id %> --plugin dtstream-sink-statsd',
    },
  ]
  static override flags = { plugin: pluginFlag }

  async run(): Promise<Listing> {
    const { flags } = await this.parse(Plugins)
    const schemes = await listSchemes(await this.plugins(flags.plugin))
    for (const [kind, title] of Object.entries(TITLES)) {
      this.log(title)
      for (const scheme of schemes.filter((one) => one.kind === kind)) this.log(inWords(scheme))
    }
    this.log('options of every sink but topics')
    this.log(optionsInWords(POLICY_OPTIONS))
    return { schemes, sinkOptions: POLICY_OPTIONS }
  }
}

function inWords({ usage, from, summary, options }: ListedScheme): string {
  return [
    `  ${usage}  [${from}]`,
    `      ${summary}`,
    ...(Object.keys(options).length > 0 ? [optionsInWords(options)] : []),
  ].join('\n')
}

function optionsInWords(options: Record<string, string>): string {
  return Object.entries(options)
    .map(([name, description]) => `      ?${name}=  ${description}`)
    .join('\n')
}
