import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LaneFold } from '../../../src/core/orbits/lane-fold.js'
import type { RowCounts } from '../../../src/core/results/result.js'
import { ROW_CLASSES } from '../../../src/core/results/row-counts.js'
import { DEFAULT_RUN, TDC_PER_BX } from '../../../src/core/run-file/run-file.js'
import { read, sql } from '../../../src/spark/connect/relations.js'
import { SparkSession } from '../../../src/spark/connect/session.js'
import { rowsOfLines } from '../../../src/spark/sql/rows.js'
import { FAR, INSANE, WHOLE_INPUTS } from '../../fixtures/hostile/insane.js'
import { HALF_ROWS, MALFORMED } from '../../fixtures/hostile/malformed.js'
import { foldOptions, parseAll } from '../../support/lane.js'
import { HEADER } from '../../support/row-files.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { LocalSpark } from '../support/local-spark.js'

let spark: LocalSpark
let session: SparkSession
beforeAll(async () => {
  spark = await LocalSpark.start()
  session = new SparkSession(spark.endpoint)
})
afterAll(async () => {
  session?.close()
  await spark?.stop()
})

/** What a line is: its class (null for a line without a record), and of hits and signals where they belong. */
interface Row {
  line: string
  class: keyof RowCounts | null
  orbit: number | null
  t: number | null
}

async function bySpark(lines: readonly string[]): Promise<Row[]> {
  const file = path.join(await temporaryFolder(), 'lines.txt')
  await writeFile(file, Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1'))
  await session.createView('lines', read({ format: 'text', options: { lineSep: '\n' }, paths: [file] }))
  const numbered = 'SELECT monotonically_increasing_id() id, value line FROM lines'
  const rows = await session.collect(
    sql(`SELECT id, class, IF(class IN ('hits', 'scintillator'), struct(orbit, t), NULL) at
      FROM (${rowsOfLines(numbered, ['id'], DEFAULT_RUN)}) ORDER BY id`),
  )
  expect(rows).toHaveLength(lines.length)
  return rows.map((row, i) => {
    const { orbit = null, t = null } = (row.at ?? {}) as Partial<Row>
    return { line: lines[i], class: row.class as Row['class'], orbit, t }
  })
}

/** As the core has them. */
function byCore(lines: readonly string[]): Row[] {
  const fold = new LaneFold(foldOptions())
  const counts = fold.tally.rows
  return lines.map((line) => {
    const before = { ...counts }
    const { columns, length, malformed } = parseAll(`${line}\n`)
    fold.fold(columns, 0, length)
    fold.addMalformed(malformed.count)
    const found = ROW_CLASSES.find((name) => counts[name] > before[name]) ?? null
    const isEvent = found === 'hits' || found === 'scintillator'
    const [orbit, t] = isEvent ? [columns.orbit[0], TDC_PER_BX * columns.bx[0] + columns.tdc[0]] : [null, null]
    return { line, class: found, orbit, t }
  })
}

const anyNumber = fc.oneof(
  { weight: 6, arbitrary: fc.nat(200).map(String) },
  fc.constantFrom('255', '256', '65535', '65536', '4294967295', '4294967296', '9223372036854775808', '00', '007'),
  fc.double().map(String),
  fc.float({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc
    .tuple(fc.nat(40), fc.constantFrom('.', 'e', 'E', 'e-', 'e+', '.0', '-', ' ', ''), fc.nat(40))
    .map((x) => x.join('')),
  fc.string({ unit: fc.constantFrom(...'0123456789.-+eE \t\0"xNa٣µ'), maxLength: 5 }),
)
const anyByte = fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code))
const anyField = (usual: fc.Arbitrary<string>) => fc.oneof({ weight: 8, arbitrary: usual }, anyNumber)
const anyText = fc
  .tuple(
    anyField(fc.constantFrom('2', '2', '2', '1')),
    anyField(fc.constantFrom('0', '1')),
    anyField(fc.oneof(fc.constant('128'), fc.nat(140).map(String))),
    anyField(fc.nat(2 ** 32 - 1).map(String)),
    anyField(fc.nat(3563).map(String)),
    anyField(
      fc.oneof(
        fc.nat(29).map(String),
        fc.float({ min: -40, max: 40, noNaN: true }).map((x) => x.toFixed(6)),
      ),
    ),
  )
  .map((fields) => fields.join(','))
const anyLine = fc
  .oneof(
    { weight: 6, arbitrary: anyText },
    fc.tuple(anyText, fc.nat(40), anyByte).map(([text, at, byte]) => text.slice(0, at) + byte + text.slice(at + 1)),
    fc.tuple(anyText, fc.nat(40)).map(([text, at]) => text.slice(0, at)),
    fc.tuple(fc.constantFrom('\xef\xbb\xbf', ' ', '\r', HEADER), anyText).map((x) => x.join('')),
    fc
      .tuple(anyText, fc.constantFrom('\r', '\r\r', ',', ' ', '0'.repeat(250), '.'.padEnd(230, '0')))
      .map((x) => x.join('')),
    fc.constantFrom(HEADER, `${HEADER}\r`, `\xef\xbb\xbf${HEADER}`, '', '\r', '\xef\xbb\xbf', '\xef\xbb\xbf\r'),
  )
  .map((line) => Buffer.from(line).toString('latin1').replaceAll('\n', ''))

describe('the class of a line', () => {
  it('is the same by Spark and by the core, whatever is in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyLine, { minLength: 5000, maxLength: 5000 }), async (lines) => {
        const [found, expected] = [await bySpark(lines), byCore(lines)]
        const different = found.filter((row, i) => JSON.stringify(row) !== JSON.stringify(expected[i]))
        expect(different.map((row) => [row, expected[found.indexOf(row)]]).slice(0, 5)).toEqual([])
        for (const name of [...ROW_CLASSES, null]) expect(expected.some((row) => row.class === name)).toBe(true)
      }),
      { numRuns: 3, endOnFailure: true },
    )
  })

  it('is the same for every hostile record', async () => {
    const cases = [...MALFORMED, ...INSANE, ...FAR, ...WHOLE_INPUTS].flatMap(({ records }) => records)
    const records = [...cases.map(([, record]) => record), ...HALF_ROWS]
    const lines = records.map((record) => record.replaceAll('ORBIT', '5'))
    expect(await bySpark(lines)).toEqual(byCore(lines))
  })
})
