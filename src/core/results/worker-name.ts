import type { Result } from './result.js'

/** The group that a result is of: a worker is named by group, instance and index, and a group's name may have slashes itself. */
export function groupOf({ worker }: Result): string {
  return worker.split('/').slice(0, -2).join('/')
}
