import { EXIT, ExpectedError } from './errors.js'

/** A source or sink as it is named on the command line: `SCHEME:PATH?OPTION=VALUE`. */
export interface Uri {
  /** as it was given */
  text: string
  scheme: string
  /** what follows the scheme, without the query */
  path: string
  options: URLSearchParams
}

const SCHEME = /^([a-z][a-z0-9]+):(?:\/\/)?/

const PASSWORD = /^[a-z][a-z0-9]+:\/\/[^/?@]*:[^/?]*@/

/** Of a URI, whatever else is in it. */
export function schemeOf(text: string): string {
  return SCHEME.exec(text)?.[1] ?? 'file'
}

/**
 * Takes a URI apart. What has no scheme is a path and means `file:`; one letter before a colon is a drive, not a scheme.
 * @throws ExpectedError (exit code 2) where it holds a password, which is not repeated
 */
export function parseUri(text: string): Uri {
  const scheme = SCHEME.exec(text)
  if (PASSWORD.test(text))
    throw new ExpectedError(
      `a password stands in the ${schemeOf(text)}: URI, where others on the machine can read it`,
      ['leave user:password@ out: passwords come from the environment or from files'],
      EXIT.usage,
    )
  const rest = scheme ? text.slice(scheme[0].length) : text
  const query = scheme ? rest.indexOf('?') : -1
  return {
    text,
    scheme: schemeOf(text),
    path: query < 0 ? rest : rest.slice(0, query),
    options: new URLSearchParams(query < 0 ? '' : rest.slice(query + 1)),
  }
}

/** What a source and a sink say of themselves. */
export interface SchemeSpec {
  scheme: string
  usage: string
  options: Record<string, string>
}

/** @throws ExpectedError where the query names an option that the source or sink does not have */
export function checkOptions({ text, options }: Uri, spec: SchemeSpec): void {
  for (const name of options.keys()) {
    if (Object.hasOwn(spec.options, name)) continue
    const known = Object.keys(spec.options)
    throw new ExpectedError(
      `${text}: ${spec.scheme}: has no option '${name}'`,
      [known.length > 0 ? `its options are ${known.join(', ')}` : 'it has no options'],
      EXIT.usage,
    )
  }
}
