import { EXIT, ExpectedError } from '../errors.js'

const CREDENTIALS = 'credentials come from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or from a profile'

/**
 * The endpoint as the SDK takes it.
 * @throws ExpectedError (exit code 2) where it is no http or https URL, or holds a password, which is not repeated
 */
export function checkedEndpoint(text: string): string {
  if (text.includes('@'))
    throw new ExpectedError('the S3 endpoint must be without user name and password', [CREDENTIALS], EXIT.usage)
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new ExpectedError(
      `the S3 endpoint '${text}' is no http or https URL`,
      [text.includes('://') ? 'https://HOST:PORT' : `https://${text} or http://${text}`],
      EXIT.usage,
    )
  return text
}
