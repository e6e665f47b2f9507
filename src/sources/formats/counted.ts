import type { Stored } from '../stored.js'

export interface Counted extends Stored {
  /** bytes from its beginning up to where it has been read */
  readonly taken: number
}

/** Counts the bytes that are read: where they are compressed, that is how far reading has come. */
export function counted(stored: Stored): Counted {
  let taken = 0
  return {
    name: stored.name,
    id: stored.id,
    size: stored.size,
    look: (position, length) => stored.look(position, length),
    get taken() {
      return taken
    },
    async open(position) {
      const feed = await stored.open(position)
      taken = position
      return {
        async fill(target, offset) {
          const count = await feed.fill(target, offset)
          taken += count
          return count
        },
        close: () => feed.close(),
      }
    },
  }
}
