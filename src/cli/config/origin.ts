import { type Place, placeInWords } from './place.js'

/** Where a flag's value comes from. */
export type Origin = { kind: 'flag' } | { kind: 'env'; variable: string } | FileOrigin | { kind: 'default' }

export interface FileOrigin {
  kind: 'file'
  place: Place
  /** absolute: the file's folder, where its relative paths begin */
  folder: string
  /** the profile it stands in */
  profile?: string
  /** 0 for the section that counts most */
  rank: number
}

/** `flag`, `env DTSTREAM_RATE`, `dtstream.yaml:7:12 (profile lab)`, `default`. */
export function originInWords(origin: Origin): string {
  if (origin.kind === 'env') return `env ${origin.variable}`
  if (origin.kind !== 'file') return origin.kind
  return `${placeInWords(origin.place)}${origin.profile === undefined ? '' : ` (profile ${origin.profile})`}`
}

/** What oclif tells of the flags it has parsed, as far as it is asked here. */
export interface Parsed {
  flags: Readonly<Record<string, unknown>>
  /** `flag` of those that stood in arguments */
  raw: readonly { type: string; flag?: string; input: string }[]
  metadata: { flags: Record<string, { setFromDefault?: boolean } | undefined> }
}

/** @param settings what the files set, which were the defaults in parsing */
export function originOf(
  name: string,
  { flags, raw, metadata }: Parsed,
  definitions: Readonly<Record<string, { env?: string } | undefined>>,
  settings: ReadonlyMap<string, { origin: FileOrigin }>,
): Origin {
  if (raw.some(({ type, flag }) => type === 'flag' && flag === name)) return { kind: 'flag' }
  const variable = definitions[name]?.env
  if (variable && flags[name] !== undefined && !metadata.flags[name]?.setFromDefault) return { kind: 'env', variable }
  return settings.get(name)?.origin ?? { kind: 'default' }
}
