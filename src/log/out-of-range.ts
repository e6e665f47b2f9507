import { ExpectedError } from '../errors.js'
import { MessagesGoneError } from './log.js'

/** @param start the first offset that is kept */
export function messagesGone(topic: string, partition: number, offset: number, start: number): MessagesGoneError {
  return new MessagesGoneError(
    `messages ${offset} to ${start - 1} of ${topic}/${partition} are no longer kept; the first one there is ${start}`,
    [
      'begin with what is kept: another group with --from-beginning, or --from-end',
      'keep more: create the topic with a larger retention',
    ],
    partition,
    start,
  )
}

/** @param end the next offset to be written */
export function notYetWritten(topic: string, partition: number, offset: number, end: number): ExpectedError {
  return new ExpectedError(
    `message ${offset} of ${topic}/${partition} was never written; the next one will be ${end}`,
    ['this offset belongs to another log or to an earlier topic of that name: begin anew with another group'],
  )
}
