import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { defaultLogFolder } from '../../../src/log/embedded/index.js'

describe('the folder of the embedded log, unless the user names one', () => {
  it('is in the data folder of the platform', () => {
    expect(defaultLogFolder({}, 'linux', '/home/u')).toBe(join('/home/u', '.local', 'share', 'dtstream', 'log'))
    expect(defaultLogFolder({}, 'darwin', '/Users/u')).toBe(
      join('/Users/u', 'Library', 'Application Support', 'dtstream', 'log'),
    )
    expect(defaultLogFolder({ LOCALAPPDATA: '/local' }, 'win32', '/u')).toBe(join('/local', 'dtstream', 'log'))
    expect(defaultLogFolder({}, 'win32', '/u')).toBe(join('/u', 'AppData', 'Local', 'dtstream', 'log'))
  })

  it('is where XDG_DATA_HOME says, on every platform', () => {
    for (const platform of ['linux', 'darwin', 'win32'] as const) {
      expect(defaultLogFolder({ XDG_DATA_HOME: '/data' }, platform, '/home/u')).toBe(join('/data', 'dtstream', 'log'))
    }
    expect(defaultLogFolder({ XDG_DATA_HOME: '' }, 'linux', '/home/u')).toContain('/home/u')
  })
})
