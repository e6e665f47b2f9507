import type { Place } from './place.js'

/** The section for flags common to commands. */
export const ALL_COMMANDS = 'all'

/** Two keys beside the sections: profiles by name, and which of them holds where none is asked for. */
export const PROFILES = 'profiles'
export const PROFILE = 'profile'

/** A YAML file with flags by command, as it was written: `replay: {rate: 1000/s}`. */
export interface ConfigFile {
  /** the file as it is shown to its user */
  shown: string
  /** absolute; relative paths in the file begin here */
  folder: string
  /** names of profiles, in the order of the file; one may have no sections yet */
  profiles: readonly string[]
  /** the profile that holds where none is asked for */
  defaultProfile?: Named
  /** those of profiles too, in the order of the file */
  sections: readonly Section[]
}

/** The flags of one command, or of all. */
export interface Section extends Named {
  /** the profile it stands in */
  profile?: string
  entries: readonly Entry[]
}

export interface Entry extends Named {
  value: Value
}

export interface Named {
  name: string
  place: Place
}

/** A flag's value: several texts where it is written as a list. */
export interface Value {
  texts: readonly Text[]
  isList: boolean
  place: Place
}

/** A text as it would be typed behind a flag. */
export interface Text {
  text: string
  /** `switch` where YAML's true or false is written, `none` where nothing or a mapping is */
  kind: 'text' | 'switch' | 'none'
  place: Place
}
