import { expect, it } from 'vitest'
import { waitingMessage } from '../../src/log/waiting-message.js'

it.each([
  [['a', 'a', 'a'], 3, 'all 3 lanes of t are held in group g by a; this process takes over when that one ends'],
  [['a'], 1, 'the lane of t is held in group g by a; this process takes over when that one ends'],
  [['a', 'a'], 10, '2 of 10 lanes of t are held in group g by a; this process takes over when that one ends'],
  [['a', 'b', 'a'], 3, 'all 3 lanes of t are held in group g by a (2), b (1); this process takes over when they end'],
])('who waits for lanes of %j reads one sentence', (holders, lanes, sentence) => {
  expect(waitingMessage({ topic: 't', group: 'g', holders, lanes })).toBe(sentence)
})
