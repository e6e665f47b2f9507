import { describe, expect, it } from 'vitest'
import { findOrbitKey } from '../../src/replay/orbit-key.js'

/** What the row at that place has as its key. */
function keyOf(text: string, start = 0, end = text.length): string | undefined {
  const bytes = Buffer.from(text)
  const key = { end: 0 }
  const from = findOrbitKey(bytes, start, end, key)
  return from < 0 ? undefined : bytes.toString('latin1', from, key.end)
}

describe('the key of a row', () => {
  it.each([
    ['2,0,75,3387200953,2922,2', '3387200953'],
    ['2,0,75,0,2922,2', '0'],
    ['5,15,511,7,,', '7'],
  ])('%s is its orbit, %s', (row, key) => {
    expect(keyOf(row)).toBe(key)
  })

  it.each([
    '',
    '2',
    '2,0',
    '2,0,75',
    '2,0,75,',
    '2,0,75,,5,5',
    '2,0,75,338',
    '2,0,75,007,5,5',
    '2,0,75, 338,5,5',
    '2,0,75,33.0,5,5',
    '2,0,75,-3,5,5',
  ])('is none in %j', (row) => {
    expect(keyOf(row)).toBeUndefined()
  })

  it('is looked for between the ends of the row alone', () => {
    const text = '2,0,75,11,5,5\n2,0,75,22,5,5'
    expect(keyOf(text, 0, 13)).toBe('11')
    expect(keyOf(text, 14)).toBe('22')
    expect(keyOf(text, 0, 9)).toBeUndefined()
  })
})
