import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../support/fault-report.js'
import { NOTHING, type TakeOver, tryTakeOvers } from './take-over-trial.js'

/** What may come between reading the state and shutting the other out. */
const LONGEST_GAP_MS = 20

export const takeOvers: Fault = {
  name: 'take-overs',
  what: 'a lane taken over at a random moment around a commit: its state is in step with what readers see',
  times: { short: 50, long: 500 },
  async run(options) {
    const { counts, wrong } = await tryTakeOvers(options, async (log, lease) => {
      const lane = await log.openLane(lease)
      const { state } = lane
      return { lane, seen: state ? { ...state, ...state.positions[0] } : NOTHING }
    })
    const bothSides = counts['commits before them'] > 0 && counts['commits shut out'] > 0
    const idle = bothSides ? [] : ['the take-overs all came on one side of the commits']
    return { name: 'take-overs', seed: options.seed, counts: { ...counts }, wrong: [...wrong, ...idle] }
  },
}

/** Shows that the trial sees it when the state is read before whoever had the lane is shut out. */
export const takeOversUnsafe: Fault = {
  name: 'take-overs-unsafe',
  what: 'the counter-proof: with the state read before the fence, the same trial must see it out of step',
  times: { short: 200, long: 500 },
  async run(options) {
    const { lost, doubled, 'out of order': outOfOrder, ...counts } = (await tryTakeOvers(options, openTooEarly)).counts
    const seen = { 'take-overs': counts['take-overs'], lost, doubled, 'out of order': outOfOrder }
    const wrong = lost + doubled + outOfOrder > 0 ? [] : ['nothing was seen out of step']
    return { name: 'take-overs-unsafe', seed: options.seed, counts: seen, wrong }
  },
}

/** As it must not be done: first what is committed is read, and then the one who had the lane is shut out. */
const openTooEarly: TakeOver = async (log, lease) => {
  const groups = await log.groups(lease.topic)
  const lanes = groups.find(({ group }) => group === lease.group)?.lanes ?? []
  const seen = lanes.find(({ partition }) => partition === lease.partition) ?? NOTHING
  await sleep(Math.random() * LONGEST_GAP_MS)
  return { lane: await log.openLane(lease), seen }
}
