import { fileURLToPath } from 'node:url'
import { Config, Plugin } from '@oclif/core'
import { captureOutput } from '@oclif/test'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Runs a command class of a test within this process, as `dtstream probe` for a class `Probe`.
 * @param run given a program without any command: `(config) => Probe.run(argv, config)`
 * @param configDir where config.yaml is looked for
 * @returns what it wrote, what it returned or threw, and the exit code that it left
 */
export async function runInProcess<T>(run: (config: Config) => Promise<T>, configDir: string) {
  const before = { exitCode: process.exitCode, configDir: process.env.DTSTREAM_CONFIG_DIR }
  process.exitCode = undefined
  process.env.DTSTREAM_CONFIG_DIR = configDir
  try {
    const config = await emptyConfig()
    const outcome = await captureOutput<Awaited<T>>(async () => await run(config))
    return { ...outcome, code: process.exitCode ?? 0 }
  } finally {
    process.exitCode = before.exitCode
    process.env.DTSTREAM_CONFIG_DIR = before.configDir
  }
}

async function emptyConfig(): Promise<Config> {
  const pjson = { name: 'dtstream', version: '0.0.0', oclif: { bin: 'dtstream', topicSeparator: ' ' as const } }
  const plugin = new Plugin({ root: ROOT, isRoot: true, pjson, ignoreManifest: true })
  await plugin.load()
  return Config.load({ root: ROOT, pjson, plugins: new Map([[plugin.name, plugin]]) })
}
