import { parseArgs } from 'node:util'
import { demandAgreement } from './lib/agreement.js'
import { loadBuild } from './lib/dtstream.js'
import { peersFor, preparePeers } from './lib/peers.js'
import { type Competitor, ownWork, runInTurns, type Timing } from './lib/processes.js'
import { makeRowsFile } from './lib/rows-file.js'
import { median, ratioOf, spreadInWords, spreadOf } from './lib/statistics.js'

/** Parse, and all six results, against what a user would otherwise take; the fold and the simulator alone beside them. */
const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000000' },
    rounds: { type: 'string', default: '5' },
    passes: { type: 'string', default: '5' },
  },
})
const { rows, passes } = values
const file = await makeRowsFile(await loadBuild('.'), 'bench/data', Number(rows))
const noPeers = preparePeers()
if (noPeers) console.log(`Without peers: ${noPeers}.\n`)
const own = (work: string) => ownWork(`${work} dtstream`, '.', work, { file, rows, passes })
const groups = ['stream', 'parse', 'six'].map((work) => [own(work), ...(noPeers ? [] : peersFor(work, file, passes))])
groups.push([own('fold')], [own('sim')])

const timings = await runInTurns(groups.flat(), Number(values.rounds))
for (const group of groups) demandAgreement(timingsOf(group))
console.log(`${rows} rows, ${values.rounds} rounds of ${passes} passes; median (lowest to highest round)\n`)
console.log(
  '| | dtstream is so many times faster, per CPU s | by the clock | million rows per CPU s | million rows/s |',
)
console.log('|---|---|---|---|---|')
for (const group of groups) for (const competitor of group) console.log(line(competitor, group[0]))

function line({ name }: Competitor, ours: Competitor): string {
  const cpu = secondsOf(name, 'cpuS')
  const wall = secondsOf(name, 'wallS')
  const isOurs = name === ours.name
  const ratio = (theirs: number[], key: 'cpuS' | 'wallS') =>
    isOurs ? '' : spreadInWords(ratioOf(secondsOf(ours.name, key), theirs))
  return `| ${[name, ratio(cpu, 'cpuS'), ratio(wall, 'wallS'), rate(cpu), rate(wall)].join(' | ')} |`
}

function rate(seconds: number[]): string {
  return spreadInWords(spreadOf(seconds.map((s) => Number(rows) / s / 1e6)), 1)
}

/** Of each round: the median of its passes. */
function secondsOf(name: string, key: 'cpuS' | 'wallS'): number[] {
  return (timings.get(name) ?? []).map((timing) => median(timing[key]))
}

function timingsOf(group: Competitor[]): Map<string, Timing[]> {
  return new Map(group.map(({ name }) => [name, timings.get(name) ?? []]))
}
