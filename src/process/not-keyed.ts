import { ExpectedError } from '../errors.js'

/** What makes of a topic that is one lane one that several workers can share. */
export function keyedCopy(topic: string): string {
  return `dtstream replay --from topic:${topic} --to topic:NAME makes a copy keyed by orbit, which any number of workers can share`
}

/** Rows of an orbit may lie in any partition, so that a lane of one partition has only some of them. */
export function notKeyed({ topic, partition }: { topic: string; partition: number }): ExpectedError {
  return new ExpectedError(
    `there are rows in ${topic}/${partition} that are not keyed by orbit, so its partitions cannot be folded apart`,
    ['start again with one worker, and a --group of its own: it folds all partitions as one lane', keyedCopy(topic)],
  )
}
