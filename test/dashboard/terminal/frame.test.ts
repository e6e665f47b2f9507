import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { framed, labelledEdge } from '../../../src/dashboard/terminal/frame.js'
import { fitted, type Line, span, textOf, widthOf } from '../../../src/dashboard/terminal/text.js'

const someText = fc.string({ maxLength: 90, unit: fc.constantFrom('a', ' ', '─') })
const someLine = someText.map((text): Line => [span(text)])

describe('a frame', () => {
  it('is as wide and high as asked for, whatever is put into it', () => {
    const parts = fc.record({
      title: someText,
      body: fc.array(someLine, { maxLength: 15 }),
      corners: fc.array(someLine, { maxLength: 3 }),
    })
    fc.assert(
      fc.property(fc.integer({ min: 4, max: 60 }), fc.integer({ min: 3, max: 12 }), parts, (width, height, made) => {
        const lines = framed(width, height, made)
        expect(lines.map(widthOf)).toEqual(new Array(height).fill(width))
      }),
    )
  })

  it('has the first corner that fits', () => {
    const parts = { title: 'title', corners: [[span('a long corner')], [span('short')]], body: [] }
    const upperEdge = (width: number) => textOf(framed(width, 3, parts)[0])
    expect(upperEdge(30)).toBe('┌─ title ───── a long corner ┐')
    expect(upperEdge(20)).toBe('┌─ title ─── short ┐')
    expect(upperEdge(14)).toBe('┌─ title ────┐')
  })
})

describe('an edge with labels', () => {
  it('has them around their columns, without those that would touch or stick out', () => {
    const labels = [0, 4, 6, 12, 18].map((column) => ({ column, text: String(100 + column) }))
    expect(textOf(labelledEdge(20, labels))).toBe('───104─────112───118')
    expect(textOf(labelledEdge(19, labels))).toBe('───104─────112──118')
    expect(textOf(labelledEdge(18, labels))).toBe('───104─────112────')
  })

  it('is as wide as asked for', () => {
    const label = fc.record({ column: fc.integer({ min: -5, max: 50 }), text: fc.stringMatching(/^\d{1,6}$/) })
    fc.assert(
      fc.property(fc.array(label), (labels) => {
        expect(widthOf(labelledEdge(40, labels))).toBe(40)
      }),
    )
  })
})

describe('a line', () => {
  it('is cut or filled up to a width', () => {
    expect(textOf(fitted([span('abc'), span('def', 1)], 4))).toBe('abcd')
    expect(textOf(fitted([span('abc')], 5))).toBe('abc  ')
  })
})
