import { stat } from 'node:fs/promises'
import path from 'node:path'
import type { RunFile } from '../core/run-file/run-file.js'
import { createFileEncoder } from './encoders/encoder.js'
import { resultFilesSink } from './result-files.js'
import type { Sink, SinkSpec, SinkUri } from './sink.js'
import { openFolderStore } from './stores/folder.js'
import { booleanOption, formatOfExtension, formatOption, refuseOption } from './uri-options.js'
import { WholeFile } from './whole-file.js'
import { wholeSink } from './whole-sink.js'

export const spec: SinkSpec = {
  scheme: 'file',
  usage: 'file:PATH (.ndjson, .jsonl, .arrow, .parquet, .root.json or .uhi.json; a bare path means this), file:FOLDER/',
  summary:
    'a file, there whole or not at all: NDJSON, or a table in an Arrow IPC or Parquet file for pandas, polars and the like, or the sum as histograms for ROOT or scikit-hep; in a folder one file a result',
  options: {
    overwrite: 'of one file: `true` replaces it if it exists; else it is refused',
    format: 'in a folder: `ndjson` (the default), `arrow` or `parquet`',
  },
  async open(uri, { group, run }) {
    return (await isFolder(uri.path)) ? openFolder(uri, group) : openFile(uri, run)
  },
}

async function openFolder(uri: SinkUri, group: string): Promise<Sink> {
  refuseOption(uri, 'overwrite', 'in a folder nothing is replaced')
  const format = formatOption(uri)
  return resultFilesSink(await openFolderStore(uri.text, uri.path), format, group)
}

async function openFile(uri: SinkUri, run: RunFile | undefined): Promise<Sink> {
  refuseOption(uri, 'format', "a file's extension says what it is")
  const format = formatOfExtension(uri)
  const overwrite = booleanOption(uri, 'overwrite')
  const encoder = await createFileEncoder(format, run)
  return wholeSink(uri.text, await WholeFile.create(uri.path, { overwrite }), encoder)
}

async function isFolder(target: string): Promise<boolean> {
  if (target.endsWith('/') || target.endsWith(path.sep)) return true
  return stat(target).then(
    (info) => info.isDirectory(),
    () => false,
  )
}
