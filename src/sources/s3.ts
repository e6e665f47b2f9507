import { ROW_EXTENSIONS, ROW_KINDS } from './formats/kinds.js'
import { rowParts } from './row-parts.js'
import type { SourceSpec } from './source.js'
import { storedObjects } from './stored-objects.js'

export const spec: SourceSpec = {
  scheme: 's3',
  usage: 's3://BUCKET/PREFIX (objects whose keys begin so, or one key)',
  summary: `rows in the objects of a bucket, in natural order: ${ROW_KINDS}`,
  options: {},
  async parts(uri, context) {
    const objects = await storedObjects(uri.text, ROW_EXTENSIONS, context.s3 ?? {}, context.signal)
    return rowParts(objects, uri.text, context)
  },
}
