import { join } from 'node:path'
import { Command, Errors, Flags, type Interfaces, toConfiguredId } from '@oclif/core'
import { EXIT } from '../errors.js'
import type { Log, LogPlace } from '../log/log.js'
import type { S3Settings } from '../s3/settings.js'
import { overruled, refuseConflicts, withConfigDefaults } from './config-defaults.js'
import { type ConfigEntry, type ConfigFile, entriesFor, type KnownFlags, readConfigFile } from './config-file.js'
import { errorJson, toCliError } from './error-form.js'
import { kafkaFlags, kafkaSettingsOf, type ParsedKafkaFlags } from './kafka-flags.js'
import { Notices } from './notices.js'
import { s3SettingsOf } from './s3-flags.js'
import { createStopSignal, type StopSignal } from './stop-signal.js'

type AnyFlags = Interfaces.OutputFlags<Interfaces.FlagInput>
type AnyArgs = Interfaces.OutputArgs<Interfaces.ArgInput>

/** Flags that no config file sets: one names the file itself, the other is the form of one call's output. */
const NOT_IN_FILE = ['config', 'json']

/**
 * What every command has: `--log`, `--config`, `--json`, errors in one form, and an orderly end. A flag's value comes
 * from the command line, else from its environment variable, else from the config file, else it is the default.
 */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true
  static override baseFlags = {
    config: Flags.string({
      helpGroup: 'GLOBAL',
      helpValue: 'FILE',
      description: 'YAML file with flags by command; without it, config.yaml in the configuration folder if there',
      env: 'DTSTREAM_CONFIG',
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
  #parsed: ParsedKafkaFlags | undefined
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
    if (!this.#parsed) throw new Error('S3 is asked for before flags are parsed')
    return s3SettingsOf(this.#parsed, process.env)
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

  protected override async parse<F extends AnyFlags, B extends AnyFlags, A extends AnyArgs>(
    options?: Interfaces.Input<F, B, A>,
    argv: string[] = this.argv,
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    this.parsed = true // oclif otherwise warns under `--json` when parsing fails
    const file = await this.#readConfigFile(argv)
    const parsed = file && options ? await this.#parseWith(file, options, argv) : await super.parse(options, argv)
    this.#parsed = parsed
    return parsed
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
    const parsed = this.#parsed
    if (!parsed) throw new Error('the log is opened before flags are parsed')
    const warn = (sentence: string) => this.notices.tell(sentence)
    const settings = await kafkaSettingsOf(parsed, { env: process.env, warn })
    if (settings) return { kind: 'kafka', settings }
    const { defaultLogFolder } = await import('../log/embedded/default-folder.js')
    return { kind: 'embedded', folder: (parsed.flags.log as string | undefined) ?? defaultLogFolder() }
  }

  #readConfigFile(argv: string[]): Promise<ConfigFile | undefined> {
    const named = configArgument(argv) ?? process.env.DTSTREAM_CONFIG
    return readConfigFile(named || join(this.config.configDir, 'config.yaml'), Boolean(named))
  }

  async #parseWith<F extends AnyFlags, B extends AnyFlags, A extends AnyArgs>(
    file: ConfigFile,
    options: Interfaces.Input<F, B, A>,
    argv: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const entries = entriesFor(file, this.#name, this.#knownFlags())
    refuseConflicts(file.path, entries, this.#flags)
    const parsed = await this.#parseWithEntries(file.path, entries, options, argv)
    const gone = overruled(entries, this.#flags, parsed)
    if (gone.size === 0) return parsed
    const rest = entries.filter(({ key }) => !gone.has(key))
    return this.#parseWithEntries(file.path, rest, options, argv)
  }

  async #parseWithEntries<F extends AnyFlags, B extends AnyFlags, A extends AnyArgs>(
    path: string,
    entries: ConfigEntry[],
    options: Interfaces.Input<F, B, A>,
    argv: string[],
  ): Promise<Interfaces.ParserOutput<F, B, A>> {
    const { flags, baseFlags, enableJsonFlag = false } = options
    const changed: Interfaces.Input<F, B, A> = { ...options, enableJsonFlag }
    if (flags) changed.flags = await withConfigDefaults(path, entries, flags, this)
    if (baseFlags) changed.baseFlags = await withConfigDefaults(path, entries, baseFlags, this)
    return super.parse(changed, argv)
  }

  /** Of every command: the flags that a file may set. */
  #knownFlags(): KnownFlags {
    const own = this.config.commands.filter(({ pluginName }) => pluginName === this.config.name)
    const all: [string, string[]][] = own.map(({ id, flags }) => [toConfiguredId(id, this.config), Object.keys(flags)])
    all.push([this.#name, Object.keys(this.#flags)])
    return new Map(all.map(([name, flags]) => [name, flags.filter((flag) => !NOT_IN_FILE.includes(flag))]))
  }
}

/** The value of `--config`, looked for before flags are parsed, because the file holds defaults of theirs. */
function configArgument(argv: string[]): string | undefined {
  const end = argv.indexOf('--')
  const before = end < 0 ? argv : argv.slice(0, end)
  const joined = before.find((argument) => argument.startsWith('--config='))
  if (joined) return joined.slice('--config='.length)
  const at = before.indexOf('--config')
  return at < 0 ? undefined : before[at + 1]
}
