import type { Readable, Writable } from 'node:stream'
import type { RunFile } from '../../core/run-file/run-file.js'
import { ExpectedError } from '../../errors.js'
import type { DashboardModel } from '../model.js'
import { type DashboardView, VIEW_WINDOWS, type ViewWindow } from '../view.js'
import { messageLine } from './bars.js'
import { Clicks } from './clicks.js'
import { coloursOf } from './colours.js'
import { type CloseReason, onEnding } from './ending.js'
import { type Choice, FIRST_CHOICE, press } from './keys.js'
import { layPage } from './page.js'
import { createPalette, type Palette } from './palette.js'
import { Redraw } from './redraw.js'
import { TerminalScreen, terminalName } from './screen.js'
import type { Show } from './stage.js'

const MESSAGE_MS = 10_000

export interface TerminalDashboardOptions {
  /** process.stdin and process.stdout by default; both have to be terminals */
  input?: Readable
  output?: Writable
  /** name in terminfo; by default what TERM says */
  terminal?: string
  /** how many; by default what is known of the terminal, and what NO_COLOR says */
  colours?: number
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
  const colours = options.colours ?? coloursOf(output, screen.colours, process.env)
  dashboard = new TerminalDashboard(screen, createPalette(colours), options)
  return dashboard
}

class TerminalDashboard implements Dashboard {
  readonly closed: Promise<CloseReason>
  private choice: Choice = FIRST_CHOICE
  /** what the screen stands still on while paused */
  private frozen: Map<ViewWindow, DashboardView> | undefined
  private show: Show = () => {}
  private text: string | undefined
  private readonly clicks = new Clicks()
  /** rows by which the list of alarms can be scrolled */
  private canScroll = 0
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
    screen.onMouse((event) => this.pressAll(this.clicks.keysOf(event)))
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
    const { screen, palette, choice, clicks } = this
    const { run, title } = this.options
    screen.clear()
    clicks.clear()
    this.show = layPage(
      {
        screen,
        palette,
        run,
        choice,
        onClick: (rect, key) => clicks.add(rect, key),
        canScroll: (rows) => {
          this.canScroll = rows
        },
      },
      { title, foot: () => (this.text === undefined ? undefined : messageLine(this.text)) },
    )
    this.showAll()
  }

  private press(key: string): void {
    const before = this.choice
    const { choice, effect } = press(before, key, {
      chambers: this.options.run.chambers.length,
      scroll: this.canScroll,
    })
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

  private pressAll(keys: readonly string[]): void {
    for (const key of keys) this.press(key)
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
