import { ExpectedError } from '../../errors.js'
import type { InputOf, OperationName, OutputOf } from './operations.js'

/** What the threads of a process say to each other about one log, each message to all of them. */
export type ThreadMessage =
  | { type: 'hello'; thread: string }
  | { type: 'welcome'; thread: string }
  | Request<OperationName>
  | { type: 'done'; thread: string; id: number; output: OutputOf<OperationName> }
  | { type: 'failed'; thread: string; id: number; failure: Failure }
  | { type: 'closed' }

export interface Request<Name extends OperationName> {
  type: 'run'
  thread: string
  id: number
  name: Name
  input: InputOf<Name>
}

/** An error as it travels from one thread to another; suggestions where it is one for users. */
export interface Failure {
  message: string
  suggestions?: string[]
  exit?: number
}

/** The channel of a log's threads. */
export const channelName = (folder: string): string => `dtstream log ${folder}`

/** Under this key of the environment data, worker threads find the folders that the main thread writes to. */
export const WRITTEN_FOLDERS = 'dtstream written folders'

export function failureOf(error: unknown): Failure {
  if (!(error instanceof ExpectedError)) return { message: error instanceof Error ? error.message : String(error) }
  const { message, suggestions, exit } = error
  return { message, suggestions, exit }
}

export function errorOf({ message, suggestions, exit }: Failure): Error {
  return suggestions ? new ExpectedError(message, suggestions, exit) : new Error(message)
}
