import type { Readable, Writable } from 'node:stream'
import type { RunFile } from '../../core/run-file/run-file.js'
import { ExpectedError } from '../../errors.js'
import type { DashboardModel } from '../model.js'
import { type DashboardView, VIEW_WINDOWS, type ViewWindow } from '../view.js'
import { type Key, keyBar, messageBar, titleBar, windowName } from './bars.js'
import { type CloseReason, onEnding } from './ending.js'
import { HELP_SIZE, helpPanel } from './help.js'
import { type Choice, FIRST_CHOICE, nextWindow, press } from './keys.js'
import { MOST_SHOWN, SMALLEST } from './layout.js'
import { createPalette, type Palette } from './palette.js'
import { layCloseup, layOverview, paintedLines, type Show } from './panels.js'
import { Redraw } from './redraw.js'
import { TerminalScreen, terminalName } from './screen.js'
import { centred, type Line } from './text.js'

const MESSAGE_MS = 10_000

export interface TerminalDashboardOptions {
  /** process.stdin and process.stdout by default; both have to be terminals */
  input?: Readable
  output?: Writable
  /** name in terminfo; by default what TERM says */
  terminal?: string
  /** false for none; by default as NO_COLOR says */
  colours?: boolean
  /** what is looked at: a topic, a file */
  title: string
  run: RunFile
  model: DashboardModel
  /** ms since 1970 */
  now: () => number
  /** frames a second at most; 5 by default */
  fps?: number
}

export interface Dashboard {
  /** Tells that the model has changed. */
  refresh(): void
  /** Shows a line in the place of the keys for a while. */
  message(text: string): void
  close(): void
  /** Settles when the terminal has been given back. */
  readonly closed: Promise<CloseReason>
}

/**
 * Takes the terminal over and shows a model on it until a key, a signal or `close` ends it.
 * @throws ExpectedError when the terminal cannot place text
 */
export async function openTerminalDashboard(options: TerminalDashboardOptions): Promise<Dashboard> {
  const { input = process.stdin, output = process.stdout } = options
  const terminal = terminalName(options.terminal ?? process.env.TERM)
  if (terminal === 'dumb')
    throw new ExpectedError('this terminal (TERM=dumb) cannot place text, so there can be no dashboard on it', [
      'use another terminal, or --json',
    ])
  let dashboard: TerminalDashboard | undefined
  const screen = await TerminalScreen.open({ input, output, terminal }, () => dashboard?.layOut())
  const coloured = options.colours ?? !process.env.NO_COLOR
  dashboard = new TerminalDashboard(screen, createPalette(coloured ? screen.colours : 0), options)
  return dashboard
}

class TerminalDashboard implements Dashboard {
  readonly closed: Promise<CloseReason>
  private choice: Choice = FIRST_CHOICE
  /** what the screen stands still on while paused */
  private frozen: Map<ViewWindow, DashboardView> | undefined
  private show: Show = () => {}
  private text: string | undefined
  private readonly redraw: Redraw
  private readonly ticking: NodeJS.Timeout
  private readonly forgetSignals: () => void
  private forgetMessage: NodeJS.Timeout | undefined
  private readonly output: Writable
  private readonly onOutputError = () => this.end('terminate')
  private ended = false
  private settle: (reason: CloseReason) => void = () => {}

  constructor(
    private readonly screen: TerminalScreen,
    private readonly palette: Palette,
    private readonly options: TerminalDashboardOptions,
  ) {
    this.closed = new Promise((resolve) => {
      this.settle = resolve
    })
    this.redraw = new Redraw(() => this.draw(), options.fps ?? 5)
    this.output = options.output ?? process.stdout
    // A terminal that is gone can no longer be written to.
    this.output.on('error', this.onOutputError)
    this.forgetSignals = onEnding((reason) => this.end(reason))
    // The age of the newest result changes even when nothing comes.
    this.ticking = setInterval(() => this.refresh(), 1000)
    screen.onKey((key) => this.press(key))
    this.layOut()
    this.redraw.now()
  }

  refresh(): void {
    if (!this.frozen && !this.ended) this.redraw.request()
  }

  message(text: string): void {
    if (this.ended) return
    this.text = text
    clearTimeout(this.forgetMessage)
    this.forgetMessage = setTimeout(() => this.dropMessage(), MESSAGE_MS)
    this.redraw.request()
  }

  close(): void {
    this.end('closed')
  }

  /** Lays everything out for the size of the screen and what is chosen. */
  layOut(): void {
    const { screen, palette } = this
    const { width, height } = screen
    screen.clear()
    if (width < SMALLEST.width || height < SMALLEST.height) {
      const setText = screen.addBox({ left: 0, top: 0, width, height })
      this.show = () => setText(paintedLines(tooSmall(width, height), palette))
    } else this.show = this.layPanels()
    this.showAll()
  }

  private layPanels(): Show {
    const { screen, palette, choice } = this
    const { width, height } = screen
    const stage = { screen, palette, run: this.options.run }
    const setTitle = screen.addBox({ left: 0, top: 0, width, height: 1 })
    const setKeys = screen.addBox({ left: 0, top: height - 1, width, height: 1 })
    const showPanels = choice.large === undefined ? layOverview(stage) : layCloseup(stage, choice.large)
    if (choice.help) this.layHelp()
    return (view) => {
      setTitle(paintedLines([this.titleBar(view)], palette))
      setKeys(
        paintedLines([this.text === undefined ? keyBar(width, this.keys()) : messageBar(width, this.text)], palette),
      )
      showPanels(view)
    }
  }

  private layHelp(): void {
    const { screen, palette } = this
    const left = (screen.width - HELP_SIZE.width) >> 1
    const top = (screen.height - HELP_SIZE.height) >> 1
    screen.addBox({ left, top, ...HELP_SIZE })(paintedLines(helpPanel(), palette))
  }

  private titleBar(view: DashboardView): Line {
    const chambers = this.options.run.chambers.length
    return titleBar(this.screen.width, {
      title: this.options.title,
      state: this.choice.paused ? 'paused' : view.state,
      window: view.window,
      note: chambers > MOST_SHOWN ? `chambers 0 to ${MOST_SHOWN - 1} of ${chambers}` : '',
    })
  }

  private keys(): Key[] {
    const { window, large, paused } = this.choice
    const chambers = this.options.run.chambers.length
    const most = Math.min(9, chambers)
    const chamberKeys: Key[] =
      large === undefined
        ? [chambers === 1 ? { key: '1', does: 'chamber 0' } : { key: `1-${most}`, does: `chamber 0-${most - 1}` }]
        : [
            { key: 'Esc', does: 'back' },
            { key: '← →', does: 'next' },
          ]
    return [
      { key: 'q', does: 'quit' },
      { key: 'p', does: paused ? 'go on' : 'pause' },
      { key: 'r', does: 'reset' },
      { key: 'c', does: windowName(nextWindow(window)) },
      ...chamberKeys,
      { key: '?', does: 'help' },
    ]
  }

  private press(key: string): void {
    const before = this.choice
    const { choice, effect } = press(before, key, this.options.run.chambers.length)
    if (effect === 'quit' || effect === 'interrupt') {
      this.end(effect)
      return
    }
    if (effect === undefined && choice === before && this.text === undefined) return
    if (effect === 'reset') this.options.model.reset()
    this.choice = choice
    if (!choice.paused) this.frozen = undefined
    else if (!this.frozen || effect === 'reset') this.frozen = this.views()
    this.dropMessage()
    this.layOut()
    this.redraw.now()
  }

  private dropMessage(): void {
    clearTimeout(this.forgetMessage)
    this.text = undefined
    this.redraw.request()
  }

  private views(): Map<ViewWindow, DashboardView> {
    const { model, now } = this.options
    const at = now()
    return new Map(VIEW_WINDOWS.map((window) => [window, model.view(at, { window })]))
  }

  private showAll(): void {
    const { window } = this.choice
    const { model, now } = this.options
    this.show(this.frozen?.get(window) ?? model.view(now(), { window }))
  }

  private draw(): void {
    this.showAll()
    this.screen.render()
  }

  private end(reason: CloseReason): void {
    if (this.ended) return
    this.ended = true
    clearInterval(this.ticking)
    clearTimeout(this.forgetMessage)
    this.redraw.stop()
    this.forgetSignals()
    this.screen.close()
    // What giving the terminal back wrote may fail yet.
    setImmediate(() => this.output.off('error', this.onOutputError))
    this.settle(reason)
  }
}

function tooSmall(width: number, height: number): Line[] {
  const texts = [
    'The terminal is too small',
    `${width} x ${height}, at least ${SMALLEST.width} x ${SMALLEST.height} is needed`,
  ]
  const above = Math.max(0, (height - texts.length) >> 1)
  return [...Array.from({ length: above }, () => []), ...texts.map((text) => centred(text, width))]
}
