import { readFile } from 'node:fs/promises'
import { ExpectedError } from '../../../../src/errors.js'
import type { KafkaSettings } from '../../../../src/log/kafka/kafka-settings.js'
import { resolveKafkaSettings, type SettingsPlaces } from '../../../../src/log/kafka/settings/resolve.js'

/** Certificate and key of `broker.test`, which belong together. */
export const CERTIFICATE = await fixture('broker.pem')
export const KEY = await fixture('broker-key.pem')

export interface Given extends Partial<Pick<SettingsPlaces, 'flags' | 'defaults' | 'env'>> {
  /** what `client.properties` holds, which `--kafka-config` then names */
  file?: string
  /** other files, by path */
  files?: Record<string, string>
}

export interface Outcome {
  settings?: KafkaSettings | undefined
  error?: ExpectedError
  warnings: string[]
}

/** What comes of it: settings or an expected error, and the warnings on the way. */
export async function outcomeOf({ file, files = {}, flags = {}, defaults = {}, env = {} }: Given): Promise<Outcome> {
  const all = new Map(Object.entries(file === undefined ? files : { ...files, 'client.properties': file }))
  const warnings: string[] = []
  const places = {
    flags: file === undefined ? flags : { 'kafka-config': 'client.properties', ...flags },
    defaults,
    env,
    readFile: async (path: string) => {
      const text = all.get(path)
      if (text === undefined) throw Object.assign(new Error('not there'), { code: 'ENOENT' })
      return text
    },
    warn: (sentence: string) => warnings.push(sentence),
  }
  try {
    return { settings: await resolveKafkaSettings(places), warnings }
  } catch (error) {
    if (error instanceof ExpectedError) return { error, warnings }
    throw error
  }
}

/** The settings, where there must be some. */
export async function settingsOf(given: Given): Promise<KafkaSettings> {
  const { settings, error } = await outcomeOf(given)
  if (!settings) throw error ?? new Error('no broker is named')
  return settings
}

/** The error's sentence and suggestions, where there must be one. */
export async function errorOf(given: Given): Promise<{ message: string; suggestions: string[]; exit: number }> {
  const { error, settings } = await outcomeOf(given)
  if (!error) throw new Error(`no error, but ${JSON.stringify(settings)}`)
  const { message, suggestions, exit } = error
  return { message, suggestions, exit }
}

/** A file beside this one, as `readFile` gives it: binary ones too are read as text. */
export function fixture(name: string): Promise<string> {
  return readFile(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
}
