/**
 * Where whole files are put: a folder or a bucket. A file's name says what is in it, so a file that is there already under
 * the same name is the same file.
 */
export interface Store {
  /** the URI, for messages */
  readonly name: string
  /**
   * Resolves when the file is there for good, whole: put there now, or there already. What was there stays as it is.
   * Until then nobody sees anything of it. May be called again after a failure, and for several files at once.
   * @param name with `/` between folders
   * @throws ExpectedError where it cannot be written
   */
  put(name: string, bytes: Uint8Array): Promise<'written' | 'there'>
  close(): Promise<void>
}
