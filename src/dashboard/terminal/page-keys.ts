import type { RunFile } from '../../core/run-file/run-file.js'
import { type Key, windowName } from './bars.js'
import { type Choice, nextWindow } from './keys.js'

/** The keys of a page, those first that are needed first where there is not room for all. */
export function pageKeys(choice: Choice, run: RunFile): Key[] {
  const { page, window, paused } = choice
  return [
    { key: 'o', press: 'o', does: 'overview', chosen: page === 'overview' },
    { ...chamberKey(run), chosen: page === 'chamber' },
    { key: 't', press: 't', does: 'rates', chosen: page === 'rates' },
    { key: 'h', press: 'h', does: 'health', chosen: page === 'health' },
    { key: '?', press: '?', does: 'help' },
    { key: 'q', press: 'q', does: 'quit' },
    { key: 'c', press: 'c', does: windowName(nextWindow(window)) },
    ...scaleKeys(choice),
    { key: 'p', press: 'p', does: paused ? 'go on' : 'pause' },
    { key: 'r', press: 'r', does: 'reset' },
    ...(page === 'chamber' ? [{ key: '← →', press: 'right', does: 'next' }] : []),
    ...(page === 'health' ? [{ key: '↑ ↓', press: 'down', does: 'scroll' }] : []),
  ]
}

function chamberKey({ chambers }: RunFile): Key {
  const most = Math.min(9, chambers.length)
  return { key: most === 1 ? '1' : `1-${most}`, press: '1', does: 'chamber' }
}

function scaleKeys({ page, scintillator, log }: Choice): Key[] {
  return [
    ...(page === 'rates' ? [] : [{ key: 's', press: 's', does: scintillator ? 'all hits' : 'scintillator' }]),
    { key: 'l', press: 'l', does: log ? 'linear scale' : 'log scale' },
  ]
}
