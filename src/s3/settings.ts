/**
 * How S3 is reached, in plain values without secrets: they may cross to a worker thread. What is not given is the SDK's to
 * find, in the environment and in the profile files; credentials always are.
 */
export interface S3Settings {
  /** `https://host:port` of a store that is not Amazon's */
  endpoint?: string
  region?: string
  /** of `~/.aws/config` and `~/.aws/credentials`; it counts more than keys in the environment */
  profile?: string
  /** requests are not signed, as a bucket that is open to all allows */
  anonymous?: boolean
  /** file with certificates to be trusted beside those that always are */
  caBundle?: string
  /** how often one request is made before its failure counts, where nothing has come of it so far */
  attempts?: number
}
