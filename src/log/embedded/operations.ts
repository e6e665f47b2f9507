import type { LaneState } from '../../core/orbits/lane-state.js'
import type { LaneLease, OutgoingBatch, Progress, TopicSpec } from '../log.js'
import type { Appender } from './appender.js'
import { memberKey, progressKey } from './keys.js'
import {
  type Grant,
  giveBack,
  holds,
  type LanePlace,
  type LeaseRecord,
  type MemberRecord,
  openLane,
  putState,
  takeLane,
} from './leases.js'
import { putJson } from './records.js'
import type { Tree } from './store.js'
import { createTopic, deleteTopic, sweep } from './topics.js'

/**
 * All that is ever written, each in one transaction. What goes in and what comes out can be cloned from one thread to
 * another.
 */
export const OPERATIONS = {
  createTopic: (tree: Tree, _: Appender, spec: TopicSpec): void => createTopic(tree, spec),

  deleteTopic: (tree: Tree, _: Appender, name: string): void => deleteTopic(tree, name),

  /** True while there is more to sweep. */
  sweep: (tree: Tree): boolean => sweep(tree),

  append(tree: Tree, appender: Appender, { topic, batches, progress }: AppendInput): void {
    appender.append(tree, topic, batches)
    if (progress?.value === undefined) {
      if (progress) tree.remove(progressKey(progress.key))
    } else putJson(tree, progressKey(progress.key), progress.value)
  },

  /** False where the lane is somebody else's by now; nothing is written then. */
  commit(tree: Tree, appender: Appender, { place, epoch, state, results }: CommitInput): boolean {
    if (!holds(tree, place, epoch)) return false
    putState(tree, place, state)
    if (results) appender.append(tree, results.topic, [results.batch])
    return true
  },

  giveSign: (tree: Tree, _: Appender, { id, record }: { id: string; record: MemberRecord }): void =>
    putJson(tree, memberKey(id), record),

  takeLanes: (tree: Tree, _: Appender, { lanes, holder }: TakeInput): Grant[] =>
    lanes.flatMap(({ place, leases }) => takeLane(tree, place, leases, holder) ?? []),

  /** Among the writes, so that it finds what a thread that has died had asked for before. */
  openLane: (tree: Tree, _: Appender, lease: LaneLease): Grant | undefined => openLane(tree, lease),

  leave(tree: Tree, _: Appender, { id, lanes }: { id: string; lanes: readonly HeldPlace[] }): void {
    for (const { place, epoch } of lanes) giveBack(tree, place, epoch)
    tree.remove(memberKey(id))
  },
}

export interface AppendInput {
  topic: string
  batches: readonly OutgoingBatch[]
  progress: Progress | undefined
}

export interface HeldPlace {
  place: LanePlace
  epoch: number
}

export interface CommitInput extends HeldPlace {
  state: LaneState
  results: { topic: string; batch: OutgoingBatch } | undefined
}

export interface TakeInput {
  /** with the leases that were seen, whose holders have gone */
  lanes: readonly { place: LanePlace; leases: readonly (LeaseRecord | undefined)[] }[]
  holder: string
}

export type OperationName = keyof typeof OPERATIONS
export type InputOf<Name extends OperationName> = Parameters<(typeof OPERATIONS)[Name]>[2]
export type OutputOf<Name extends OperationName> = ReturnType<(typeof OPERATIONS)[Name]>

/** Does the writing of a log: in this thread, or in the main thread of the process. */
export interface Writer {
  /** Operations happen in the order they were asked for. */
  run<Name extends OperationName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>>
  /** Nothing can be asked for after this. */
  close(): Promise<void>
}
