/** What bounds one bucket's requests. */
export interface S3Limits {
  /** of one request that gets nowhere */
  attempts: number
  /** of the same, where no word has come so far */
  firstAttempts: number
  /** the longest pause behind the first failed attempt, ms; it doubles with each */
  pauseMs: number
  longestPauseMs: number
  connectMs: number
  /** how long a connection may be silent in the midst of a request, ms */
  silenceMs: number
  /** asked for at once */
  rangeBytes: number
  /** up to here an object is written by one request */
  singlePutBytes: number
  /** of each request above that */
  partBytes: number
  /** in one listing */
  objects: number
}

const MIB = 1 << 20

export const S3_LIMITS: S3Limits = {
  attempts: 10,
  firstAttempts: 3,
  pauseMs: 200,
  longestPauseMs: 10_000,
  connectMs: 5000,
  silenceMs: 20_000,
  rangeBytes: 8 * MIB,
  singlePutBytes: 64 * MIB,
  partBytes: 16 * MIB,
  objects: 1_000_000,
}
