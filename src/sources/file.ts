import path from 'node:path'
import { ROW_EXTENSIONS, ROW_KINDS } from './formats/kinds.js'
import { RECORDED_BELOW, rowParts } from './row-parts.js'
import type { SourceSpec } from './source.js'
import { storedFiles } from './stored-files.js'

export const spec: SourceSpec = {
  scheme: 'file',
  usage: 'file:PATH (a file, a folder or a glob; a bare path means this)',
  summary: `rows in files, in natural order: ${ROW_KINDS}`,
  options: {},
  async parts(uri, context) {
    const files = await storedFiles(uri.path, ROW_EXTENSIONS, RECORDED_BELOW)
    return rowParts(files, path.resolve(uri.path), context)
  },
}
