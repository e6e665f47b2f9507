import { PassThrough, Writable } from 'node:stream'
import type { RunFile } from '../../core/run-file/run-file.js'
import type { DashboardView } from '../view.js'
import { type Choice, FIRST_CHOICE } from './keys.js'
import { layPage } from './page.js'
import { createPalette } from './palette.js'
import type { Picture } from './picture.js'
import { TerminalScreen } from './screen.js'
import { span } from './text.js'

export interface StillOptions {
  readonly title: string
  readonly run: RunFile
  readonly view: DashboardView
  readonly columns: number
  readonly rows: number
  /** in the place of the keys */
  readonly foot?: string
  readonly choice?: Choice
}

/** A page of the dashboard as it would be on a terminal of this size with 256 colours, without any terminal. */
export async function drawStill({
  title,
  run,
  view,
  columns,
  rows,
  foot,
  choice = FIRST_CHOICE,
}: StillOptions): Promise<Picture> {
  const output = Object.assign(new Writable({ write: (_chunk, _encoding, done) => done() }), {
    isTTY: true,
    columns,
    rows,
  })
  const screen = await TerminalScreen.open({ input: new PassThrough(), output, terminal: 'xterm-256color' }, () => {})
  try {
    const stage = { screen, palette: createPalette(256), run, choice, onClick: () => {}, canScroll: () => {} }
    layPage(stage, { title, foot: () => (foot === undefined ? undefined : [span(` ${foot}`)]) })(view)
    screen.render()
    return screen.picture()
  } finally {
    screen.close()
  }
}
