import path from 'node:path'

/** How bytes hold rows. */
export type Content = 'text' | 'words' | 'arrow' | 'parquet'
export type Compression = 'gzip' | 'zstd'

export interface RowsKind {
  content: Content
  compression: Compression | undefined
}

const CONTENTS: Record<string, Content> = { '.txt': 'text', '.csv': 'text', '.dat': 'words' }
const COMPRESSIONS: Record<string, Compression> = { '.gz': 'gzip', '.zst': 'zstd' }
/** Known as they are only: what is within is compressed by itself. */
const WHOLE: Record<string, Content> = { '.arrow': 'arrow', '.arrows': 'arrow', '.parquet': 'parquet' }

/** What is taken from a folder or below a prefix. */
export const ROW_EXTENSIONS: readonly string[] = [
  ...Object.keys(CONTENTS).flatMap((extension) => ['', ...Object.keys(COMPRESSIONS)].map((end) => extension + end)),
  ...Object.keys(WHOLE),
]

/** In words, for help. */
export const ROW_KINDS =
  'text (.txt .csv), raw words (.dat), Arrow IPC (.arrow), Parquet (.parquet), text and words also as .gz and .zst; recorded hits'

/** What a name says; what is named by itself may have any name, and is text then. */
export function rowsKindOf(name: string): RowsKind {
  const last = path.posix.extname(name)
  if (Object.hasOwn(WHOLE, last)) return { content: WHOLE[last], compression: undefined }
  const compression = Object.hasOwn(COMPRESSIONS, last) ? COMPRESSIONS[last] : undefined
  const extension = compression ? path.posix.extname(name.slice(0, -last.length)) : last
  return { content: Object.hasOwn(CONTENTS, extension) ? CONTENTS[extension] : 'text', compression }
}
