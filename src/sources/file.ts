import { ROW_EXTENSIONS, ROW_KINDS } from './formats/kinds.js'
import { rowsPart } from './formats/rows-part.js'
import type { SourceSpec } from './source.js'
import { storedFiles } from './stored-files.js'

export const spec: SourceSpec = {
  scheme: 'file',
  usage: 'file:PATH (a file, a folder or a glob; a bare path means this)',
  summary: `rows in files, in natural order: ${ROW_KINDS}`,
  options: {},
  async parts(uri, context) {
    const files = await storedFiles(uri.path, ROW_EXTENSIONS)
    return files.map((file) => rowsPart(file, context))
  },
}
