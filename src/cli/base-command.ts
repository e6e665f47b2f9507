import { Command, Errors, Flags, type Interfaces, toConfiguredId } from '@oclif/core'
import type { RunFile } from '../core/run-file/run-file.js'
import { EXIT } from '../errors.js'
import type { ListenPlace } from '../http/listen.js'
import type { Log, LogPlace } from '../log/log.js'
import type { Metrics } from '../metrics/metrics.js'
import type { Plugin } from '../plugins/load-plugins.js'
import type { S3Settings } from '../s3/settings.js'
import type { OpenedSink } from '../sinks/policy/guarded-sink.js'
import { type Configuration, readConfiguration } from './config/configuration.js'
import type { Held } from './config/held-flags.js'
import { type Origin, originOf, type Parsed } from './config/origin.js'
import type { Settings } from './config/settings.js'
import { errorJson, toCliError } from './error-form.js'
import { kafkaFlags, kafkaSettingsOf } from './kafka-flags.js'
import { Notices } from './notices.js'
import { loadNamedPlugins } from './plugin-flag.js'
import { s3SettingsOf } from './s3-flags.js'
import { createStopSignal, type StopSignal } from './stop-signal.js'

type AnyFlags = Interfaces.OutputFlags<Interfaces.FlagInput>
type AnyArgs = Interfaces.OutputArgs<Interfaces.ArgInput>

/** What `parse` has found. */
interface Parsing extends Configuration {
  parsed: Parsed
}

/**
 * What every command has: `--log`, `--config`, `--json`, errors in one form, and an orderly end. A flag's value comes
 * from the command line, else from its environment variable, else from the config files, else it is the default.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = {
    config: Flags.string({
      helpGroup: 'GLOBAL',
      helpValue: 'FILE',
      description: 'YAML file with flags by command; without it, the nearest dtstream.yaml from here upwards',
      env: 'DTSTREAM_CONFIG',
    }),
    profile: Flags.string({
      helpGroup: 'GLOBAL',
      helpValue: 'NAME',
      description: 'profile of the config file whose flags come before the others in it',
      env: 'DTSTREAM_PROFILE',
    }),
    log: Flags.string({
      helpGroup: 'GLOBAL',
      helpValue: 'DIR',
      description: "folder of the embedded log; without it, one in the user's data folder",
      env: 'DTSTREAM_LOG',
    }),
    ...kafkaFlags,
  }

  readonly #endings: (() => unknown)[] = []
  #parsing: Parsing | undefined
  #log: Promise<Log> | undefined

  /** Runs at the end of the command, whatever happens; what was registered last runs first. */
  protected atEnd(ending: () => unknown): void {
    this.#endings.push(ending)
  }

  /** What the user should know beside what the command gives; on standard error, with `--json` too. */
  protected readonly notices = new Notices((text) => process.stderr.write(`${text}\n`))

  /** The log, opened by the first call after `parse` and closed at the end of the command. */
  protected openLog(): Promise<Log> {
    this.#log ??= this.#openLog()
    return this.#log
  }

  /** How S3 is reached, after `parse`: of `s3Flags`, where the command has them, and the environment. */
  protected get s3(): S3Settings {
    return s3SettingsOf(this.#afterParse().parsed, process.env)
  }

  /** The sinks that URIs name, all of them or none. @param group whose results they get; @param run of which run */
  protected async openSinks(
    uris: readonly string[],
    { group, run, plugins }: { group: string; run: RunFile; plugins: readonly Plugin[] },
  ): Promise<OpenedSink[]> {
    const { openSinks } = await import('../sinks/registry.js')
    return openSinks(uris, {
      log: () => this.openLog(),
      stdout: process.stdout,
      group,
      run,
      s3: this.s3,
      plugged: plugins.flatMap(({ sinks }) => sinks),
      onNotice: (text) => this.notices.tell(text),
    })
  }

  /** Metrics that are served until the end of the command; undefined where no place for them is given. */
  protected async openMetrics(place: ListenPlace | undefined): Promise<Metrics | undefined> {
    if (!place) return undefined
    const { openMetrics } = await import('../metrics/open-metrics.js')
    const { metrics, server } = await openMetrics(place, { command: this.#name, version: this.config.version })
    this.atEnd(() => server.close())
    this.notices.tell(`metrics are served at ${server.url}`)
    return metrics
  }

  /** The plug-ins of `--plugin`; those that a config file names are looked for from its folder. */
  protected plugins(named: string | readonly string[] | undefined): Promise<Plugin[]> {
    const origin = this.originOf('plugin')
    return loadNamedPlugins(named, origin.kind === 'file' ? origin.folder : process.cwd())
  }

  /**
   * The first SIGINT or SIGTERM until the end of the command, whose exit code then is 130 or 143.
   * @param onFirst told which one came, before the signal aborts
   */
  protected stopSignal(onFirst?: Parameters<typeof createStopSignal>[0]): StopSignal {
    const stop = createStopSignal(onFirst)
    this.atEnd(() => {
      stop.dispose()
      process.exitCode ??= stop.exitCode
    })
    return stop
  }

  /**
   * Where a flag has its value from, after `parse`; of one that a file sets, the file's folder too. Flags whose help
   * says FILE, DIR or URI have their relative paths resolved from there already.
   */
  protected originOf(flag: string): Origin {
    const { parsed, settings } = this.#afterParse()
    return originOf(flag, parsed, this.#flags, settings)
  }

  protected override async parse<F extends AnyFlags, B extends AnyFlags, A extends AnyArgs>(
    options: Interfaces.Input<F, B, A>,
    argv: string[] = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    this.parsed = true // oclif otherwise warns under `--json` when parsing fails
    const configuration = await this.#readConfiguration(argv)
    if (configuration.settings.size > 0) return this.#parseWith(configuration, options, argv)
    const parsed = await super.parse(options, argv)
    this.#parsing = { ...configuration, parsed }
    return parsed
  }

  /**
   * What the flags of this command hold, given its arguments, without running it.
   * @throws as `run` would, where arguments or files are wrong
   */
  async held(): Promise<Held> {
    this.notices.show = () => {}
    try {
      const { flags, baseFlags, enableJsonFlag, strict } = this.ctor
      await this.parse({ flags, baseFlags, enableJsonFlag, strict, args: optional(this.ctor.args) })
      const { heldFlags } = await import('./config/held-flags.js')
      const { parsed, files, profile, settings } = this.#afterParse()
      const held = await heldFlags({ parsed, settings, definitions: this.#flags, env: process.env })
      return { files: files.map(({ shown }) => shown), ...(profile ? { profile } : {}), flags: held }
    } catch (error) {
      throw this.#toCliError(error)
    }
  }

  /** Set here, because oclif would end with 1 for every error under `--json`. */
  protected override async catch(error: unknown): Promise<void> {
    const shown = this.#toCliError(error)
    process.exitCode = typeof shown.oclif.exit === 'number' ? shown.oclif.exit : EXIT.failure
    if (shown instanceof Errors.ExitError) throw shown
    await super.catch(shown)
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    const failures: unknown[] = []
    for (const ending of this.#endings.reverse()) {
      try {
        await ending()
      } catch (failure) {
        failures.push(failure)
      }
    }
    await super.finally(error)
    // what went wrong first is what counts
    if (!error && failures.length > 0) throw this.#toCliError(failures[0])
  }

  protected override toErrorJson(error: Parameters<typeof errorJson>[0]): unknown {
    return errorJson(error)
  }

  /** As a user types it: `topics create`. */
  get #name(): string {
    return toConfiguredId(this.id ?? '', this.config)
  }

  get #flags(): Interfaces.FlagInput {
    return { ...this.ctor.baseFlags, ...this.ctor.flags }
  }

  #toCliError(error: unknown): ReturnType<typeof toCliError> {
    const flags = [...Object.keys(this.#flags), 'json', 'help']
    return toCliError(error, { command: `${this.config.bin} ${this.#name}`, flags })
  }

  async #openLog(): Promise<Log> {
    const { openLog } = await import('../log/open-log.js')
    const log = await openLog(await this.#logPlace(), { onNotice: (text) => this.notices.tell(text) })
    this.atEnd(() => log.close())
    return log
  }

  async #logPlace(): Promise<LogPlace> {
    const { flags } = this.#afterParse().parsed
    const warn = (sentence: string) => this.notices.tell(sentence)
    const read = { flags, originOf: (flag: string) => this.originOf(flag) }
    const settings = await kafkaSettingsOf(read, { env: process.env, warn })
    if (settings) return { kind: 'kafka', settings }
    const { defaultLogFolder } = await import('../log/embedded/default-folder.js')
    return { kind: 'embedded', folder: (flags.log as string | undefined) ?? defaultLogFolder() }
  }

  #afterParse(): Parsing {
    if (!this.#parsing) throw new Error('flags are asked for before they are parsed')
    return this.#parsing
  }

  #readConfiguration(argv: string[]): Promise<Configuration> {
    return readConfiguration(argv, {
      command: this,
      name: this.#name,
      flags: this.#flags,
      common: BaseCommand.baseFlags,
      warn: (sentence) => this.notices.tell(sentence),
    })
  }

  /** With what the files set as defaults; once more without those defaults that what was parsed overrules. */
  async #parseWith<F extends AnyFlags, B extends AnyFlags, A extends AnyArgs>(
    configuration: Configuration,
    options: Interfaces.Input<F, B, A>,
    argv: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const { notOverruled, withConfigDefaults } = await import('./config/flag-defaults.js')
    // a class hands down what a copy of it lacks
    const { flags, baseFlags, enableJsonFlag = false } = options
    const parse = async (settings: Settings) => {
      const changed: Interfaces.Input<F, B, A> = { ...options, enableJsonFlag }
      if (flags) changed.flags = await withConfigDefaults(settings, flags, this)
      if (baseFlags) changed.baseFlags = await withConfigDefaults(settings, baseFlags, this)
      return super.parse(changed, argv)
    }
    const all = configuration.settings
    const first = await parse(all)
    const kept = notOverruled(all, this.#flags, first)
    const parsed = kept.size < all.size ? await parse(kept) : first
    this.#parsing = { ...configuration, settings: kept, parsed }
    return parsed
  }
}

/** Arguments that need not be given. */
function optional(args: Interfaces.ArgInput): Interfaces.ArgInput {
  return Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, { ...arg, required: false }]))
}
