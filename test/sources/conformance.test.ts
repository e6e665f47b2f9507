import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { decompress } from 'fzstd'
import { createRowBuffer } from '../../src/core/rows/row-buffer.js'
import { DEFAULT_RUN, type RawWord, type RunFile } from '../../src/core/run-file/run-file.js'
import { parseSimulatorOptions } from '../../src/core/simulator/parse-options.js'
import { createSimulator } from '../../src/core/simulator/simulator.js'
import { type SourceKind, sourceConformance } from '../conformance/sources.js'
import {
  arrowFile,
  csvFile,
  DAQ_OFFSET,
  daqFile,
  parquetFile,
  type TestRecord,
  textFile,
  zstdFrame,
} from '../support/row-files.js'

type Encode = (records: readonly TestRecord[]) => Buffer

sourceConformance(fileKind('rows.txt', textFile))
sourceConformance(fileKind('rows without extension', textFile))
sourceConformance(fileKind('rows.csv', csvFile))
sourceConformance(fileKind('rows.txt.gz', textFile))
sourceConformance(fileKind('rows.csv.zst', csvFile))
for (const layout of ['head2-fpga4', 'head3-fpga3'] as const) {
  const encode: Encode = (records) => daqFile(records, layout)
  sourceConformance({ ...fileKind('rows.dat', encode, layout), name: `file rows.dat of ${layout}` })
  sourceConformance({ ...fileKind('rows.dat.gz', encode, layout), name: `file rows.dat.gz of ${layout}` })
}
for (const [name, encode] of [
  ['rows.arrow', (records) => arrowFile(records, 'file')],
  ['rows.arrows', (records) => arrowFile(records, 'stream')],
  ['rows.parquet', parquetFile],
] as [string, Encode][]) {
  const { bytes: _, ...withoutBytes } = fileKind(name, encode)
  sourceConformance(withoutBytes)
}

sourceConformance({
  ...inSeveralFiles('folder', (folder) => `file:${folder}`),
  missing(folder) {
    return { uri: folder, sentence: `the folder ${folder} holds no file of these kinds` }
  },
})
sourceConformance({
  ...inSeveralFiles('glob', (folder) => `file:${folder}/data_*.{txt,dat}`),
  missing(folder) {
    return { uri: `${folder}/*.txt`, sentence: `no file matches ${folder}/*.txt` }
  },
})

sourceConformance({
  name: 'sim:',
  run: DEFAULT_RUN,
  canBeEmpty: false,
  async make(_folder, { length }) {
    const rows = createRowBuffer(length)
    createSimulator(parseSimulatorOptions({ seed: '7' })).fill(rows)
    const { head, fpga, channel, orbit, bx, tdc } = rows.columns
    return {
      uri: `sim:?seed=7&rows=${length}`,
      records: Array.from({ length }, (_, i) => [head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]] as const),
    }
  },
})

function fileKind(name: string, encode: Encode, layout: RawWord['layout'] = 'head2-fpga4'): SourceKind {
  const isGzip = name.endsWith('.gz')
  const isZstd = name.endsWith('.zst')
  return {
    name: `file ${name}`,
    run: runWith(layout),
    canBeEmpty: true,
    async make(folder, records) {
      const file = path.join(folder, name)
      const bytes = encode(records)
      await writeFile(file, isGzip ? gzipSync(bytes) : isZstd ? zstdFrame(bytes) : bytes)
      return { uri: `file:${file}` }
    },
    async bytes(folder) {
      const bytes = await readFile(path.join(folder, name))
      return isGzip ? gunzipSync(bytes) : isZstd ? decompress(bytes) : bytes
    },
    missing: (folder) => ({ uri: path.join(folder, name), sentence: `no such file: ${path.join(folder, name)}` }),
  }
}

/** Three files of rows, of two formats, to be read in the order of their numbers, beside others that are none. */
function inSeveralFiles(name: string, uriOf: (folder: string) => string): SourceKind {
  const run = runWith('head2-fpga4')
  const names = ['data_2.txt', 'data_10.dat', 'data_11.txt']
  return {
    name,
    run,
    canBeEmpty: true,
    async make(folder, records) {
      const third = Math.ceil(records.length / 3)
      await mkdir(path.join(folder, 'data_1.txt'))
      await writeFile(path.join(folder, 'README'), 'no rows')
      await writeFile(path.join(folder, '.hidden.txt'), 'no rows')
      for (const [i, file] of names.entries()) {
        const slice = records.slice(i * third, (i + 1) * third)
        const bytes = file.endsWith('.dat') ? daqFile(slice, run.raw_word.layout) : textFile(slice)
        await writeFile(path.join(folder, file), bytes)
      }
      return { uri: uriOf(folder) }
    },
    async bytes(folder, part) {
      const there = await readdir(folder)
      return readFile(path.join(folder, there.find((file) => file === names[part]) ?? ''))
    },
  }
}

function runWith(layout: RawWord['layout']): RunFile {
  const raw_word = { layout, channel_offset: DAQ_OFFSET, tdc_offset: 0, tdc_offset_except: [] }
  return { ...DEFAULT_RUN, raw_word }
}
