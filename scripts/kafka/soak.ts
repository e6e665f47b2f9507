// Rows at 5000 a second for minutes: npm run kafka:soak -- [--minutes 10] [--interval 1s] [--seed S] [--json]
import { exit, stderr, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { type SoakLine, soak } from '../../test/kafka/cluster/soak.js'
import { lineOf } from '../../test/kafka/support/fault-report.js'
import { haveKcat, KCAT_MISSING } from '../../test/kafka/support/kcat.js'

const { minutes, interval, seed, json } = readArguments()
if (!haveKcat()) fail(KCAT_MISSING, 3)
const print = (value: object, words: string) => stdout.write(`${json ? JSON.stringify(value) : words}\n`)
const report = await soak({ minutes, interval, seed, onLine: (line) => print(line, inWords(line)) })
print(report, lineOf(report))
exit(report.wrong.length === 0 ? 0 : 1)

function inWords({ seconds, rows, residentMiB, lagRows, p50Ms, p99Ms }: SoakLine): string {
  return `${seconds} s: ${rows} rows, ${residentMiB} MiB, lag ${lagRows} rows at most, p50 ${p50Ms} ms, p99 ${p99Ms} ms`
}

function readArguments(): { minutes: number; interval: string; seed: number; json: boolean } {
  try {
    const { values } = parseArgs({
      options: {
        minutes: { type: 'string', default: '10' },
        interval: { type: 'string', default: '1s' },
        seed: { type: 'string', default: `${Date.now() % 1e6}` },
        json: { type: 'boolean', default: false },
      },
    })
    const minutes = Number(values.minutes)
    const seed = Number(values.seed)
    if (!(minutes > 0)) throw new Error('--minutes is a number above 0.')
    if (!Number.isInteger(seed)) throw new Error('--seed is a whole number.')
    return { ...values, minutes, seed }
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 2)
  }
}

function fail(sentence: string, code: number): never {
  stderr.write(`${sentence}\n`)
  exit(code)
}
