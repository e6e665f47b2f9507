import { createFileEncoder } from './encoders/encoder.js'
import { resultFilesSink } from './result-files.js'
import type { SinkSpec } from './sink.js'
import { openBucketStore } from './stores/bucket.js'
import { formatOfExtension, formatOption, refuseOption } from './uri-options.js'
import { WholeObject } from './whole-object.js'
import { wholeSink } from './whole-sink.js'

export const spec: SinkSpec = {
  scheme: 's3',
  usage: 's3://BUCKET/PREFIX/, s3://BUCKET/KEY (.ndjson, .jsonl, .arrow, .parquet, .root.json or .uhi.json)',
  summary: 'a bucket: one object a result below a prefix, or one object with all results, there whole or not at all',
  options: { format: 'below a prefix: `ndjson` (the default), `arrow` or `parquet`' },
  async open(uri, { group, s3, run }) {
    const isPrefix = uri.path.endsWith('/') || !uri.path.includes('/')
    if (isPrefix) return resultFilesSink(await openBucketStore(uri.text, s3), formatOption(uri), group)
    refuseOption(uri, 'format', "an object's extension says what it is")
    const encoder = await createFileEncoder(formatOfExtension(uri), run)
    return wholeSink(uri.text, await WholeObject.create(uri.text, s3), encoder)
  },
}
