import { EXIT, ExpectedError } from '../../../errors.js'
import { type PropertyName, variableOf } from './property-names.js'

/** A property as it was found. */
export interface Property {
  name: PropertyName
  value: string
  /** for messages: `client.properties:3: sasl.mechanism`, `KAFKA_SASL_MECHANISM`, `--bootstrap-server` */
  where: string
}

/** What all places together say: of a property that several of them give, what the first of them gives. */
export class Properties {
  readonly #found: Property[]

  /** @param places what each place gives, the one that counts most first; within a place, what stands last counts */
  constructor(places: readonly (readonly Property[])[]) {
    this.#found = places.flatMap((place) => [...place].reverse())
  }

  /** The one that counts of properties that say the same in different ways; an empty value is as good as none. */
  first(...names: PropertyName[]): Property | undefined {
    return this.#found.find(({ name, value }) => names.includes(name) && value !== '')
  }

  /** As `first`, but an empty value counts: it means something to this property. */
  given(name: PropertyName): Property | undefined {
    return this.#found.find((property) => property.name === name)
  }

  value(name: PropertyName): string | undefined {
    return this.first(name)?.value
  }

  /** @throws ExpectedError that says for the sake of which property it is missing, and where it can be given */
  required(name: PropertyName, because: Property): Property {
    const found = this.first(name)
    if (found) return found
    throw settingsError(`${because.where} needs ${name} beside it`, ...waysToGive(name))
  }
}

/** An error in how the brokers are to be reached (exit code 2). */
export function settingsError(what: string, ...suggestions: string[]): ExpectedError {
  return new ExpectedError(what, suggestions, EXIT.usage)
}

/** For suggestions: the places that a missing property can be given in. */
export function waysToGive(name: PropertyName, value = '...'): string[] {
  return [`${name}=${value} in the file that --kafka-config names`, `${variableOf(name)} in the environment`]
}
