import { expect, it, vi } from 'vitest'
import { Notices } from '../../src/cli/notices.js'

it('the same notice is shown once in a while, others at once, and where there is room now', () => {
  vi.useFakeTimers({ toFake: ['performance'] })
  const first: string[] = []
  const second: string[] = []
  const notices = new Notices((text) => first.push(text))
  for (const text of ['away', 'away', 'back', 'away']) notices.tell(text)
  expect(first).toEqual(['away', 'back'])
  notices.show = (text) => second.push(text)
  notices.tell('away')
  vi.advanceTimersByTime(5001)
  notices.tell('away')
  expect([first.length, second]).toEqual([2, ['away']])
  vi.useRealTimers()
})
