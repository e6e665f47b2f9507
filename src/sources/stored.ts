import type { ByteFeed } from './formats/byte-feed.js'

/** Bytes under a name: a file, an object in a bucket. What is in them is told by the name, and known by `formats/`. */
export interface Stored {
  /** as the user would call it */
  readonly name: string
  /** what nothing else has, wherever it is named from */
  readonly id: string
  /** bytes; undefined for a pipe */
  readonly size: number | undefined
  /**
   * Its bytes in order, from a position on.
   * @throws ExpectedError where there are fewer; at once, or for what can only be read through, from `fill`
   */
  open(position: number): Promise<ByteFeed>
  /** A look at some bytes, as at a footer: fewer at the end. Not for a pipe. */
  look(position: number, length: number): Promise<Uint8Array>
}
