import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { VIEW_WINDOWS } from '../../../../src/dashboard/view.js'
import { formatSettings, parseSettings } from '../../../../src/dashboard/web/page/settings.js'

const NOTHING = { window: 'cumulative', log: false, chamber: undefined, at: undefined }
const CHAMBERS = 4

describe('what a viewer has chosen', () => {
  it('is the same when its address is opened', () => {
    const settings = fc.record({
      window: fc.constantFrom(...VIEW_WINDOWS),
      log: fc.boolean(),
      chamber: fc.option(fc.nat(CHAMBERS - 1), { nil: undefined }),
      at: fc.option(fc.maxSafeNat(), { nil: undefined }),
    })
    fc.assert(
      fc.property(settings, (chosen) => {
        expect(parseSettings(`#${formatSettings(chosen)}`, CHAMBERS)).toEqual(chosen)
      }),
    )
  })

  it('leaves nothing in the address where nothing was chosen', () => {
    expect(formatSettings(parseSettings('', CHAMBERS))).toBe('')
  })

  it.each(['#chamber=4', '#chamber=-1', '#window=7', '#scale=x', '#at=then', '#%%%', '#chamber='])(
    'passes over what it does not understand: %s',
    (hash) => {
      expect(parseSettings(hash, CHAMBERS)).toEqual(NOTHING)
    },
  )
})
