import type { LaneState } from '../core/orbits/lane-state.js'
import { ExpectedError } from '../errors.js'
import type { LaneLease } from './log.js'

/**
 * The state that a lane goes on from.
 * @param committed what the group has committed for partitions of the topic: those of the lane, and the first, where the
 * state of a lane of all partitions lies; those of other lanes are passed over
 * @throws ExpectedError where the group has already sent results of other lanes with the same partitions
 */
export function stateFor(lease: LaneLease, committed: readonly (LaneState | undefined)[]): LaneState | undefined {
  let own: LaneState | undefined
  for (const state of committed) {
    if (!state || !overlaps(lease, state)) continue
    if (isOf(lease, state)) own = state
    else if (state.nextMessage > 0) throw otherLanes(lease)
  }
  return own
}

/** Whether the state is that of a lane with just these partitions. */
export function isOf({ partitions }: Pick<LaneLease, 'partitions'>, { positions }: LaneState): boolean {
  return positions.length === partitions.length && positions.every(({ partition }, i) => partition === partitions[i])
}

/** Whether the state is that of a lane with one of these partitions. */
export function overlaps({ partitions }: Pick<LaneLease, 'partitions'>, { positions }: LaneState): boolean {
  return positions.some(({ partition }) => partitions.includes(partition))
}

function otherLanes({ topic, group, partitions }: LaneLease): ExpectedError {
  const [was, is] = partitions.length > 1 ? ['apart', 'as one lane'] : ['as one lane', 'apart']
  return new ExpectedError(
    `group ${group} has sent results of ${topic} with its partitions ${was}, so it cannot go on with them ${is}`,
    ['begin anew with a group of another name: --group'],
  )
}
