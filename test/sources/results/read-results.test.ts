import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { toArrowStream } from '../../../src/core/rows/arrow.js'
import { createRowBuffer } from '../../../src/core/rows/row-buffer.js'
import { EXIT } from '../../../src/errors.js'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import { type Log, MESSAGE_KIND } from '../../../src/log/log.js'
import { openSink } from '../../../src/sinks/registry.js'
import type { Foreign } from '../../../src/sources/results/foreign.js'
import { resultsIn } from '../../../src/sources/results/messages.js'
import { describeResultsSources, readResults } from '../../../src/sources/results/read-results.js'
import { expectSameResults, resultOf, resultOfSize } from '../../support/results.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

const at = (name: string) => path.join(folder, name)
const lines = (...results: Result[]) => results.map((result) => `${JSON.stringify(result)}\n`).join('')
const numbered = (...numbers: number[]) => numbers.map((msg_ID) => resultOfSize(60, msg_ID))

async function read(uris: string[], log?: Log) {
  const results: Result[] = []
  const foreign: Foreign[] = []
  const context = {
    log: async () => log ?? Promise.reject(new Error('no log is needed')),
    onForeign: (one: Foreign) => foreign.push(one),
  }
  for await (const result of readResults(uris, context)) results.push(result)
  return { results, foreign, numbers: results.map(({ msg_ID }) => msg_ID) }
}

async function writeArrow(name: string, results: Result[]): Promise<void> {
  const sink = await openSink(at(name), {
    log: () => Promise.reject(new Error('no')),
    stdout: process.stdout,
    group: 'test',
  })
  for (const result of results) await sink.write(result)
  await sink.close()
}

describe('results in NDJSON files', () => {
  it('are read line by line, whatever ends a line, also across the edges of what is read at once', async () => {
    const long = [resultOfSize(800_000, 0), resultOfSize(900_000, 1), resultOfSize(40, 2)]
    await writeFile(at('a.ndjson'), lines(...long).trimEnd())
    expectSameResults((await read([at('a.ndjson')])).results, long)
    await writeFile(
      at('b.jsonl'),
      `\ufeff${lines(...numbered(0, 1)).replaceAll('\n', '\r\n')}\r\n\n${lines(...numbered(2))}`,
    )
    expect(await read([`file:${at('b.jsonl')}`])).toMatchObject({ results: numbered(0, 1, 2), foreign: [] })
  })

  it('may hold characters that end lines elsewhere', async () => {
    const result = { ...resultOfSize(60), worker: 'a\u2028b\u0085c\u2029d' }
    await writeFile(at('a.ndjson'), lines(result))
    expect((await read([at('a.ndjson')])).results).toEqual([result])
  })

  it('may have other lines between them, which are told of', async () => {
    const original = '{"msg_ID": 7, "hit_count": 17}'
    const long = `\u001b[2J${'x'.repeat(100)}`
    await writeFile(at('a.ndjson'), `${original}\n${lines(...numbered(0))}${long}\n\n${lines(...numbered(1))}{"cut":`)
    const { numbers, foreign } = await read([at('a.ndjson')])
    expect(numbers).toEqual([0, 1])
    expect(foreign).toEqual([
      { where: `${at('a.ndjson')}, line 1`, reason: 'it has no field schema', text: original },
      { where: `${at('a.ndjson')}, line 3`, reason: 'it is not JSON', text: `·[2J${'x'.repeat(76)}` },
      { where: `${at('a.ndjson')}, line 6`, reason: 'it is not JSON', text: '{"cut":' },
    ])
  })

  it('may be an empty file', async () => {
    await writeFile(at('a.ndjson'), '')
    expect(await read([at('a.ndjson')])).toMatchObject({ results: [], foreign: [] })
  })
})

describe('results in Arrow files', () => {
  it('are read batch by batch', async () => {
    const results = numbered(...Array.from({ length: 600 }, (_, i) => i))
    await writeArrow('a.arrow', results)
    const back = await read([at('a.arrow')])
    expectSameResults(back.results, results)
    expect(back.foreign).toEqual([])
  })

  it('are told of where the file holds rows, is cut short, or is no Arrow at all', async () => {
    await writeFile(at('rows.arrow'), toArrowStream(createRowBuffer(16).columns, 0, 2))
    await writeArrow('whole.arrow', numbered(0, 1))
    await writeFile(at('cut.arrow'), (await readFile(at('whole.arrow'))).subarray(0, -20))
    await writeFile(at('text.arrow'), 'no Arrow at all')
    const { numbers, foreign } = await read(['rows', 'whole', 'cut', 'text'].map((name) => at(`${name}.arrow`)))
    expect(numbers.slice(0, 2)).toEqual([0, 1])
    expect(foreign[0]).toEqual({
      where: at('rows.arrow'),
      reason: 'it is a table without the column msg_ID of results',
      text: '',
    })
    expect(foreign.slice(1)).toEqual([
      { where: at('cut.arrow'), reason: 'it is an Arrow IPC file cut short', text: '' },
      { where: at('text.arrow'), reason: 'it does not begin as Arrow IPC does', text: '' },
    ])
  })

  it('are passed over wherever the file is cut short', async () => {
    await writeArrow('whole.arrow', numbered(0, 1, 2))
    const whole = await readFile(at('whole.arrow'))
    for (let n = 0; n < whole.length; n += n < 20 || n > whole.length - 20 ? 1 : 499) {
      await writeFile(at('cut.arrow'), whole.subarray(0, n))
      const { results, foreign } = await read([at('cut.arrow')])
      expect([results.length, foreign.length]).toEqual([0, 1])
    }
  })

  it('are told of row by row where one is no result', async () => {
    const bad = { ...resultOfSize(60, 1), hit_count: -1 }
    await writeArrow('a.arrow', [...numbered(0), bad, ...numbered(2)])
    const { numbers, foreign } = await read([at('a.arrow')])
    expect(numbers).toEqual([0, 2])
    expect(foreign).toEqual([{ where: `${at('a.arrow')}, row 2`, reason: 'its hit_count is not a count', text: '' }])
  })
})

describe('files of results', () => {
  it('are taken from a folder or a glob in natural order, without those of other kinds or half written', async () => {
    await mkdir(at('sub'))
    await writeFile(at('r_10.ndjson'), lines(...numbered(10)))
    await writeFile(at('r_9.jsonl'), lines(...numbered(9)))
    await writeArrow('r_1.arrow', numbered(1))
    await writeFile(at('.r_5.ndjson.01234567.part'), lines(...numbered(5)))
    await writeFile(at('.r_6.ndjson'), lines(...numbered(6)))
    await writeFile(at('notes.txt'), 'nothing')
    expect(await read([folder])).toMatchObject({ numbers: [1, 9, 10], foreign: [] })
    expect(await read([`file:${folder}/r_{9,10}.*`])).toMatchObject({ numbers: [9, 10] })
    expect(await read([at('r_10.ndjson'), `file:${at('r_1.arrow')}`])).toMatchObject({ numbers: [10, 1] })
  })

  it('must be there and have a name that tells their kind', async () => {
    await writeFile(at('notes.txt'), 'nothing')
    await expect(read([at('none.ndjson')])).rejects.toThrow(`no such file: ${at('none.ndjson')}`)
    await expect(read([at('*.ndjson')])).rejects.toThrow(`no file matches ${at('*.ndjson')}`)
    await expect(read([at('notes.txt')])).rejects.toMatchObject({
      message: `${at('notes.txt')} is no file of results by its name`,
      suggestions: ['results are in .ndjson, .jsonl, .arrow, .parquet'],
      exit: EXIT.usage,
    })
  })
})

describe('results in a topic', () => {
  it('are read from all partitions, up to where they ended at the beginning', async () => {
    const log = await openEmbeddedLog(at('log'))
    await log.createTopic({ name: 'data_clean', partitions: 3 })
    await append(log, 0, ...numbered(0, 1).map(JSON_TEXT))
    await append(log, 2, ...numbered(2).map(JSON_TEXT))
    const numbers: number[] = []
    const context = { log: async () => log, onForeign: () => {} }
    for await (const { msg_ID } of readResults(['topic:data_clean'], context)) {
      numbers.push(msg_ID)
      if (msg_ID < 100) await append(log, 2, ...numbered(100).map(JSON_TEXT))
    }
    expect(numbers).toEqual([0, 1, 2])
    await log.close()
  })

  it('may have other messages between them, which are told of; end marks are not', async () => {
    const log = await openEmbeddedLog(at('log'))
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    await append(log, 0, '2,0,61,1,2374,26', ...numbered(0).map(JSON_TEXT))
    await append(log, 0, { kind: MESSAGE_KIND.end, text: '' }, { kind: MESSAGE_KIND.arrow, text: 'ARROW1' })
    await append(log, 0, ...numbered(1).map(JSON_TEXT))
    expect(await read(['topic:data_clean'], log)).toMatchObject({
      numbers: [0, 1],
      foreign: [
        { where: 'data_clean/0 @ 0', reason: 'it is not JSON', text: '2,0,61,1,2374,26' },
        { where: 'data_clean/0 @ 3', reason: 'it is not text', text: '' },
      ],
    })
    await log.close()
  })

  it('are taken of a batch only up to where the topic ended', () => {
    const values = numbered(0, 1, 2).map((result) => Buffer.from(JSON.stringify(result)))
    const [{ length }] = values
    const batch = {
      topic: 'data_clean',
      partition: 0,
      firstOffset: 40,
      nextOffset: 43,
      count: 3,
      bytes: Buffer.concat(values),
      start: Uint32Array.of(0, length, 2 * length),
      end: Uint32Array.of(length, 2 * length, 3 * length),
      kind: new Uint8Array(3).fill(MESSAGE_KIND.text),
      keyedByOrbit: false,
      appendedAtMs: 0,
    }
    expect([...resultsIn(batch, 42, () => {})].map(({ msg_ID }) => msg_ID)).toEqual([0, 1])
  })

  it('may be none', async () => {
    const log = await openEmbeddedLog(at('log'))
    await log.createTopic({ name: 'data_clean', partitions: 2 })
    expect(await read(['topic:data_clean'], log)).toMatchObject({ results: [], foreign: [] })
    await log.close()
  })

  it('come after those of the sources named before', async () => {
    const log = await openEmbeddedLog(at('log'))
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    await append(log, 0, ...numbered(3).map(JSON_TEXT))
    await writeFile(at('a.ndjson'), lines(...numbered(8)))
    expect(await read([at('a.ndjson'), 'topic:data_clean', at('a.ndjson')], log)).toMatchObject({ numbers: [8, 3, 8] })
    await log.close()
  })

  it('cannot be read from one that does not exist: the nearest name is suggested', async () => {
    const log = await openEmbeddedLog(at('log'))
    await log.createTopic({ name: 'data_clean', partitions: 1 })
    await expect(read(['topic:dataclean'], log)).rejects.toMatchObject({
      message: `there is no topic dataclean in ${log.name}`,
      suggestions: expect.arrayContaining(['topic:data_clean']),
    })
    await expect(read(['topic:'], log)).rejects.toThrow('topic: names no topic')
    await log.close()
  })
})

describe('sources of results', () => {
  it('are refused before anything is read where one has an unknown scheme or option', async () => {
    await writeFile(at('a.ndjson'), lines(resultOf({ orbits: [], lateHits: [], others: NONE })))
    for (const [uri, message] of [
      ['sim:', "sim:: results cannot be read from 'sim:'"],
      ['tpoic:data_clean', "tpoic:data_clean: results cannot be read from 'tpoic:'; did you mean 'topic:'?"],
      ['topic:data_clean?from=3', "topic:data_clean?from=3: topic: has no option 'from'"],
    ]) {
      const reading = readResults([at('a.ndjson'), uri], { log: () => Promise.reject(new Error('no')), onForeign() {} })
      await expect(reading.next()).rejects.toMatchObject({ name: 'ExpectedError', message, exit: EXIT.usage })
    }
  })

  it('are described', async () => {
    const sources = await describeResultsSources()
    expect(sources.map(({ scheme }) => scheme)).toEqual(['topic', 'file', 's3'])
    for (const { scheme, usage } of sources) expect(usage.startsWith(`${scheme}:`)).toBe(true)
  })
})

const NONE = { ancillary: 0, unmapped: 0, malformed: 0 }
const JSON_TEXT = (result: Result) => JSON.stringify(result)

async function append(log: Log, partition: number, ...messages: (string | { kind: number; text: string })[]) {
  const values = messages.map((message) => Buffer.from(typeof message === 'string' ? message : message.text))
  let end = 0
  await log.append('data_clean', [
    {
      partition,
      count: values.length,
      bytes: Buffer.concat(values),
      end: Uint32Array.from(values, (value) => {
        end += value.length
        return end
      }),
      kind: Uint8Array.from(messages, (message) => (typeof message === 'string' ? MESSAGE_KIND.text : message.kind)),
      keyedByOrbit: false,
    },
  ])
}
