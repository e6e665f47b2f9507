/** Exit codes of every command. */
export const EXIT = { ok: 0, failure: 1, usage: 2, alarm: 3, interrupted: 130, terminated: 143 } as const

/** A failure that a user can do something about: one clear sentence, and what to try next. */
export class ExpectedError extends Error {
  readonly suggestions: string[]
  readonly exit: number

  constructor(message: string, suggestions: string[] = [], exit: number = EXIT.failure) {
    super(message)
    this.name = 'ExpectedError'
    this.suggestions = suggestions
    this.exit = exit
  }
}

/** A failure that may pass by itself, as a server that restarts: it is worth trying again. */
export class TransientError extends ExpectedError {
  readonly transient = true
}

/** Whether an error says of itself that it may pass; by its flag, because a plug-in may have a copy of the class of its own. */
export function isTransient(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'transient' in error && error.transient === true
}
