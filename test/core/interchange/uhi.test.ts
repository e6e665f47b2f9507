import fc from 'fast-check'
import { expect, it } from 'vitest'
import { uhiJson } from '../../../src/core/interchange/uhi.js'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { resultOf } from '../../support/results.js'
import { anyDraft, BINS, countOf, hitsOf, LAYER_OF } from './drafts.js'

interface Uhi {
  metadata: Record<string, string>
  axes: { type: string; metadata: Record<string, string> }[]
  storage: { values: number[] | number[][] }
}

it('histograms of scikit-hep have every hit, the first axis outermost, and no more bins than are needed', () => {
  fc.assert(
    fc.property(anyDraft, (draft) => {
      const named = JSON.parse(uhiJson(resultOf(draft), DEFAULT_RUN)) as Record<string, Uhi>
      const values = (name: string) => named[name].storage.values
      const cells = hitsOf(draft, 1, 'all').map(({ cell }) => cell)
      expect(values('occupancy_chamber_1')).toEqual(Array.from({ length: 64 }, (_, c) => countOf(cells, c)))
      const byWire = Array.from({ length: 16 }, (_, wire) =>
        [1, 2, 3, 4].map((layer) => countOf(cells, 4 * wire + LAYER_OF.indexOf(layer))),
      )
      expect(values('map_chamber_1')).toEqual(byWire)
      const bins = hitsOf(draft, 1, 'with scintillator').map(({ bin }) => bin)
      expect(values('drift_time_chamber_1')).toEqual(Array.from({ length: BINS + 2 }, (_, i) => countOf(bins, i - 1)))
      const { ancillary, unmapped, malformed } = draft.others
      const { hits, scintillator } = resultOf(draft).rows
      expect(values('rows')).toEqual([hits, scintillator, ancillary, unmapped, malformed])
    }),
    { numRuns: 20 },
  )
})

it('histograms of scikit-hep say of what run and time they are', () => {
  const result = resultOf({ orbits: [], lateHits: [], others: { ancillary: 0, unmapped: 0, malformed: 0 } })
  const named = JSON.parse(uhiJson(result, DEFAULT_RUN)) as Record<string, Uhi>
  for (const [name, { metadata }] of Object.entries(named))
    expect(metadata).toEqual({
      ...{ name, label: expect.any(String), counted: expect.stringMatching(/^(rows|hits|orbits)$/) },
      ...{ run: 'minidt', geometry: result.geometry, ...result.interval },
    })
  expect(named.map_scintillator_chamber_3.axes.map(({ metadata }) => metadata)).toEqual([
    { name: 'wire', label: 'wire' },
    { name: 'layer', label: 'layer' },
  ])
})
