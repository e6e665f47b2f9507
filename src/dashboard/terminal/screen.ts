import type { Readable, Writable } from 'node:stream'
import type blessed from 'blessed'
import type contrib from 'blessed-contrib'
import type { MouseEvent } from './clicks.js'
import type { Rect } from './layout.js'
import type { Palette } from './palette.js'
import { type Picture, pictureOf, type ScreenLines } from './picture.js'
import type { Dot } from './rate-plot.js'

export interface ScreenOptions {
  input: Readable
  output: Writable
  /** name in terminfo */
  terminal: string
}

/** What blessed and its types do not say of themselves. */
type Screen = blessed.Widgets.Screen & {
  tput: { brokenACS: boolean; colors?: number }
  program: Program
  lines: ScreenLines
  /** blessed turns the mouse off when it leaves, whatever made it leave, where this is true */
  _listenedMouse?: boolean
}
type Program = blessed.BlessedProgram & { setMouse(modes: Record<string, boolean>, on: boolean): void }
type Canvas = contrib.Widgets.CanvasElement & { ctx: Context }
interface Context {
  strokeStyle: number | 'normal'
  readonly canvas: { clear(): void }
  beginPath(): void
  moveTo(x: number, y: number): void
  lineTo(x: number, y: number): void
  stroke(): void
}

const MOUSE_ACTIONS: Record<string, MouseEvent['action'] | undefined> = {
  mousedown: 'click',
  wheelup: 'wheel up',
  wheeldown: 'wheel down',
}

/** A surface of dots, 2 x 4 to a character. */
export interface Drawing {
  clear(): void
  line(dots: readonly Dot[], colour: number | undefined): void
}

/** A terminal with blessed on it: boxes of text and drawings, laid on top of each other in the order they are made. */
export class TerminalScreen {
  private constructor(
    private readonly libraries: { blessed: typeof blessed; contrib: typeof contrib },
    private readonly screen: Screen,
  ) {}

  /** Loads the libraries, which takes a tenth of a second, and takes the terminal over. */
  static async open({ input, output, terminal }: ScreenOptions, onResize: () => void): Promise<TerminalScreen> {
    const [{ default: blessed }, { default: contrib }] = await Promise.all([
      import('blessed'),
      import('blessed-contrib'),
    ])
    const options = { input, output, terminal, buffer: true, tput: true, zero: true, forceUnicode: true }
    const program = blessed.program(options as unknown as blessed.Widgets.IScreenOptions)
    // Before blessed's own listener, which draws: so it draws what fits the new size, once.
    program.on('resize', onResize)
    const screen = blessed.screen({ program } as unknown as blessed.Widgets.IScreenOptions) as Screen
    // Box lines as Unicode instead of the alternate character set, which not every terminal has.
    screen.tput.brokenACS = true
    return new TerminalScreen({ blessed, contrib }, screen)
  }

  get width(): number {
    return this.screen.width as number
  }

  get height(): number {
    return this.screen.height as number
  }

  /** as terminfo says */
  get colours(): number | undefined {
    return this.screen.tput.colors
  }

  onKey(listener: (key: string) => void): void {
    this.screen.on('keypress', (ch: string | undefined, key: { full?: string } | undefined) =>
      listener(key?.full ?? ch ?? ''),
    )
  }

  /**
   * Has the terminal tell of the mouse: clicks and the wheel, not of movements, which would come by the thousand. A terminal that
   * knows no mouse passes over the request.
   */
  onMouse(listener: (event: MouseEvent) => void): void {
    const { program } = this.screen
    program.on('mouse', ({ action, x, y }: { action: string; x: number; y: number }) => {
      const known = MOUSE_ACTIONS[action]
      if (known) listener({ action: known, column: x, row: y })
    })
    program.setMouse({ vt200Mouse: true, sgrMouse: true }, true)
    this.screen._listenedMouse = true
  }

  /** Takes everything off the screen. */
  clear(): void {
    for (const child of [...this.screen.children]) child.detach()
  }

  /** Adds a box; what it returns replaces the text of it, which may hold escape sequences of colours. */
  addBox(rect: Rect): (text: string) => void {
    const box = this.libraries.blessed.box({ ...rect, tags: false, wrap: false })
    this.screen.append(box)
    let shown: string | undefined
    return (text) => {
      if (text !== shown) box.setContent(text)
      shown = text
    }
  }

  addDrawing(rect: Rect, palette: Palette): Drawing {
    const canvas = this.libraries.contrib.canvas({ ...rect, wrap: false }) as Canvas
    canvas.calcSize = () => {
      canvas.canvasSize = { width: rect.width * 2, height: rect.height * 4 }
    }
    this.screen.append(canvas)
    return {
      clear: () => canvas.ctx.canvas.clear(),
      line: (dots, colour) => drawLine(canvas.ctx, dots, palette.mono ? 'normal' : (colour ?? 'normal')),
    }
  }

  render(): void {
    this.screen.render()
  }

  /** What is on the screen since the last `render`. */
  picture(): Picture {
    return pictureOf(this.screen.lines)
  }

  /** Gives the terminal back as it was. */
  close(): void {
    this.screen.destroy()
  }
}

function drawLine(context: Context, dots: readonly Dot[], colour: number | 'normal'): void {
  if (dots.length === 0) return
  context.strokeStyle = colour
  context.beginPath()
  context.moveTo(dots[0].x, dots[0].y)
  for (const { x, y } of dots) context.lineTo(x, y)
  context.stroke()
}

/**
 * The name under which blessed knows a terminal. It fails on some capabilities of newer descriptions and writes so on
 * the screen; those that behave like xterm are called by the one name it reads well.
 */
export function terminalName(name: string | undefined): string {
  return /^(linux|vt\d+|rxvt.*|dumb|windows-ansi)$/.test(name ?? '') ? (name as string) : 'xterm-256color'
}
