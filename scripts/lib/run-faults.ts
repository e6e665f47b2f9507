import { exit, stderr, stdout } from 'node:process'
import { parseArgs } from 'node:util'
import { type Fault, type FaultOptions, type FaultReport, lineOf } from '../../test/kafka/support/fault-report.js'
import { haveKcat, KCAT_MISSING } from '../../test/kafka/support/kcat.js'

/** Runs the trials that the arguments name, all of them where they name none, and ends: `[name ...] [--times N] [--seed S]`. */
export async function runFaults(all: readonly Fault[]): Promise<never> {
  const { faults, times, seed } = readArguments(all)
  if (!haveKcat()) fail(KCAT_MISSING, 3)
  let wrong = 0
  for (const fault of faults) {
    stdout.write(`${fault.name}: ${fault.what} ...\n`)
    const report = await reportOf(fault, { times: times ?? fault.times.long, seed })
    stdout.write(`${lineOf(report)}\n`)
    wrong += report.wrong.length
  }
  return exit(wrong === 0 ? 0 : 1)
}

/** One trial that breaks off shall not keep the others from being made. */
async function reportOf(fault: Fault, options: FaultOptions): Promise<FaultReport> {
  try {
    return await fault.run(options)
  } catch (error) {
    return {
      name: fault.name,
      seed: options.seed,
      counts: {},
      wrong: [`it broke off: ${error instanceof Error ? error.stack : error}`],
    }
  }
}

function readArguments(all: readonly Fault[]): {
  faults: readonly Fault[]
  times: number | undefined
  seed: number
} {
  try {
    const options = { times: { type: 'string' }, seed: { type: 'string' } } as const
    const { values, positionals } = parseArgs({ options, allowPositionals: true })
    const names = all.map(({ name }) => name)
    const unknown = positionals.find((name) => !names.includes(name))
    if (unknown) throw new Error(`There is no trial ${unknown}, but ${names.join(', ')}.`)
    const faults = all.filter(({ name }) => positionals.length === 0 || positionals.includes(name))
    const times = values.times === undefined ? undefined : wholeNumber('times', values.times)
    return { faults, times, seed: values.seed === undefined ? Date.now() % 1e6 : wholeNumber('seed', values.seed) }
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error), 2)
  }
}

function wholeNumber(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} is a whole number from 1 on.`)
  return value
}

function fail(sentence: string, code: number): never {
  stderr.write(`${sentence}\n`)
  exit(code)
}
