/** Exit codes of every command. */
export const EXIT = { ok: 0, failure: 1, usage: 2, interrupted: 130, terminated: 143 } as const

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
