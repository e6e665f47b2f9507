import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createRowBuffer } from '../../../src/core/rows/row-buffer.js'
import { DEFAULT_RUN, type RunFile } from '../../../src/core/run-file/run-file.js'
import { DEFAULT_SIMULATION, type SimulatorOptions } from '../../../src/core/simulator/options.js'
import { createSimulator } from '../../../src/core/simulator/simulator.js'
import { ExpectedError } from '../../../src/errors.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { FAR, INSANE, WHOLE_INPUTS } from '../../fixtures/hostile/insane.js'
import { MALFORMED } from '../../fixtures/hostile/malformed.js'
import { DAQ_OFFSET, daqFile, HEADER, manyRecords } from '../../support/row-files.js'
import { shuffledWithin, stream, textOf } from '../../support/stream.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { analysedOnSpark, expectEqual } from '../batch/on-spark.js'
import { LocalSpark } from '../support/local-spark.js'

const FIXTURE = new URL('../../fixtures/minidt_head_72.txt', import.meta.url).pathname
/** Files of these tests are read in several pieces each. */
const PIECE_BYTES = 200_000

let spark: LocalSpark
let session: SparkSession
beforeAll(async () => {
  spark = await LocalSpark.start()
  session = new SparkSession(spark.endpoint)
  await session.setConf({
    'spark.sql.files.maxPartitionBytes': String(PIECE_BYTES),
    'spark.sql.files.openCostInBytes': '1',
  })
})
afterAll(async () => {
  session?.close()
  await spark?.stop()
})

let folder: string
beforeEach(async () => {
  folder = await temporaryFolder()
})

async function fileWith(name: string, bytes: string | Uint8Array): Promise<string> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  return file
}

const simulated = (options: Partial<SimulatorOptions>, count: number): string => {
  const rows = createRowBuffer(count)
  createSimulator({ ...DEFAULT_SIMULATION, ...options }).fill(rows)
  const { head, fpga, channel, orbit, bx, tdc } = rows.columns
  const lines = Array.from({ length: rows.length }, (_, i) =>
    [head[i], fpga[i], channel[i], orbit[i], bx[i], tdc[i]].join(),
  )
  return `${lines.join('\n')}\n`
}

describe('files', () => {
  it('of the detector give what the core gives', async () => {
    const found = await expectEqual(session, [FIXTURE])
    expect(found.rows.read).toBe(74)
  })

  it('of a folder are read in natural order, whatever their line ends, with the wrap of the counter within', async () => {
    const rows = shuffledWithin(500, stream({ seed: 3, orbits: 30_000, start: 2 ** 32 - 200_000, mostApart: 30 }), 3)
    const text = textOf(rows)
    const third = Math.floor(text.length / 3)
    const cuts = [text.indexOf('\n', third) + 1, text.indexOf('\n', 2 * third) + 1]
    await fileWith('data_2.txt', text.slice(0, cuts[0]))
    await fileWith('data_10.csv', `\xef\xbb\xbf${HEADER}\r\n${text.slice(...cuts).replaceAll('\n', '\r\n')}`)
    await fileWith('data_11 ü%20.txt.gz', gzipSync(text.slice(cuts[1])))
    await fileWith('data_12.txt', '')
    await fileWith('note.md', 'no rows')
    const found = await expectEqual(session, [folder])
    expect(found.source).toHaveLength(3)
    expect(found.orbits).toMatchObject({ first: 2 ** 32 - 200_000, run: 0 })
    expect(found.orbits.last).toBeLessThan(2 ** 31)
  })

  it.each(['head2-fpga4', 'head3-fpga3'] as const)('of raw words in the layout %s', async (layout) => {
    const raw_word = { layout, channel_offset: DAQ_OFFSET, tdc_offset: 2, tdc_offset_except: [4, 138] }
    const file = await fileWith('words.dat', Buffer.concat([daqFile(manyRecords(2000), layout), Buffer.from('cut')]))
    const found = await expectEqual(session, [file], { run: { ...DEFAULT_RUN, raw_word } })
    expect(found.rows.malformed).toBeGreaterThan(0)
  })

  it('of another detector', async () => {
    const [first, second] = DEFAULT_RUN.chambers
    const text = textOf(shuffledWithin(500, stream({ seed: 5, orbits: 5000, start: 0, mostApart: 30 }), 5))
    const file = await fileWith('rows.txt', text)
    const run: RunFile = {
      ...DEFAULT_RUN,
      chambers: [{ ...second, offset_ns: -7.3 }],
      scintillator: { fpga: 0, channel: 63 },
      drift_time: { low_ns: -0.3, high_ns: 99.7, width_ns: 0.1 },
    }
    await expectEqual(session, [file], { run })
    const more = [1, 0].flatMap((fpga) => [70, 2, 134, 200].map((first_channel) => ({ ...first, fpga, first_channel })))
    await expectEqual(session, [file], { run: { ...run, chambers: more, scintillator: { fpga: 1, channel: 1 } } })
  })

  it('without a hit', async () => {
    await expectEqual(session, [await fileWith('ancillary.txt', '4,0,0,1,0,-0.5\n?\n')])
  })
})

describe('simulated runs', () => {
  it.each([
    { seed: 1 },
    { seed: 2, muonsPerSecond: 200, noisePerSecond: 5000, startOrbit: 2 ** 32 - 40_000 },
    { seed: 3, muonsPerSecond: 1, noisePerSecond: 0, scintillatorEfficiency: 0.5 },
  ])('%o', async (options) => {
    await expectEqual(session, [await fileWith('run.txt', simulated(options, 40_000))])
  })

  it('are refused where the counter restarts', async () => {
    const file = await fileWith('run.txt', simulated({ seed: 4, restartAfterRows: 20_000 }, 40_000))
    const error = await analysedOnSpark(session, [file]).catch((error) => error)
    expect(error).toBeInstanceOf(ExpectedError)
    expect(error.message).toMatch(/run\.txt has rows before which the orbit counter leaps so far/)
    const [, byte] = /behind byte (\d+)/.exec(error.message) ?? []
    const text = await readFile(file, 'latin1')
    const restart = text.split('\n', 20_000).join('\n').length
    expect(Number(byte)).toBeLessThanOrEqual(restart + 2000)
    expect(Number(byte)).toBeGreaterThan(restart - PIECE_BYTES)
  })

  it('are refused where rows occur twice', async () => {
    const text = simulated({ seed: 5 }, 5000)
    const uris = [await fileWith('1.txt', text), await fileWith('2.txt', text)]
    await expect(analysedOnSpark(session, uris)).rejects.toThrow(/2\.txt has rows of orbits that are over/)
  })
})

const GOOD = shuffledWithin(500, stream({ seed: 1, orbits: 2000, start: 3_387_200_000, mostApart: 20 }), 1)

/** Good rows with these among them, one after so many. */
function among(records: readonly (readonly [unknown, string])[]): string {
  const every = Math.floor(GOOD.length / (records.length + 1))
  const lines = GOOD.flatMap(({ text, orbit }, i) => {
    const at = i % every === 0 ? i / every - 1 : -1
    return at >= 0 && at < records.length ? [text, records[at][1].replaceAll('ORBIT', String(orbit))] : [text]
  })
  return `${lines.join('\n')}\n`
}

describe('hostile rows', () => {
  it('that are malformed', async () => {
    const records = MALFORMED.flatMap((one) => one.records)
    const found = await expectEqual(session, [await fileWith('rows.txt', among(records))])
    expect(found.rows.malformed).toBe(records.length)
  })

  it('that are insane', async () => {
    await expectEqual(session, [await fileWith('rows.txt', among(INSANE.flatMap(({ records }) => records)))])
  })

  it('of a few absurd orbits, whose hits are late', async () => {
    const records = [
      ['hits', '2,0,5,17,5,5'],
      ['hits', '2,1,6,3000000000,5,5\n2,0,7,3000000003,5,6'],
      ['scintillator', '2,1,128,2147483648,5,5'],
      ['hits', '2,0,5,4000000000,5,5'],
    ] as const
    const found = await expectEqual(session, [await fileWith('rows.txt', among(records))])
    expect(found.rows.late).toBe(5)
  })

  /** What is refused says why; all else is equal. */
  async function outcomeOf(name: string, text: string): Promise<[name: string, outcome: string]> {
    const outcome = await expectEqual(session, [await fileWith('rows.txt', text)]).then(
      () => 'equal',
      (error) => {
        if (!(error instanceof ExpectedError)) throw error
        return /orbits that are over|leaps so far|an absurd orbit/.exec(error.message)?.[0] ?? error.message
      },
    )
    return [name, outcome]
  }

  it('by themselves', async () => {
    const outcomes: [string, string][] = []
    for (const { name, records } of [...FAR, ...WHOLE_INPUTS])
      outcomes.push(await outcomeOf(name, `${records.map(([, record]) => record).join('\n')}\n`))
    expect(Object.fromEntries(outcomes)).toEqual({
      'orbit 0': 'equal',
      'the last orbit': 'equal',
      'alternating between the extremes': 'equal',
      'alternating around the middle': 'equal',
      'powers of two': 'equal',
      'strictly descending': 'leaps so far',
      'strictly descending by one': 'equal',
      'strictly ascending by more than any gap': 'equal',
      'one word’s flipped bits': 'orbits that are over',
      'all orbits equal': 'equal',
      'orbits strictly descending from the last': 'orbits that are over',
      'orbits strictly descending in great steps': 'leaps so far',
      'orbits alternating between the extremes': 'equal',
      'orbits alternating far apart': 'leaps so far',
      'every orbit another one': 'leaps so far',
      'no hit at all': 'equal',
      'scintillator signals alone': 'equal',
    })
  })

  it('that leap among good rows', async () => {
    const outcomes: [string, string][] = []
    for (const { name, records } of FAR) outcomes.push(await outcomeOf(name, among(records)))
    expect(Object.fromEntries(outcomes)).toEqual({
      'orbit 0': 'an absurd orbit',
      'the last orbit': 'an absurd orbit',
      'alternating between the extremes': 'leaps so far',
      'alternating around the middle': 'an absurd orbit',
      'powers of two': 'leaps so far',
      'strictly descending': 'leaps so far',
      'strictly descending by one': 'leaps so far',
      'strictly ascending by more than any gap': 'leaps so far',
      'one word’s flipped bits': 'leaps so far',
    })
  })
})
