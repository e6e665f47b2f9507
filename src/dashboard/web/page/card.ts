import type { DashboardView } from '../../view.js'
import { element, setText } from './elements.js'
import { type Detail, fullTitle, type Plot, type PlotContext, type PlotSpec } from './plots/plot.js'

export interface CardActions {
  /** shows the chamber large; undefined where it is */
  enlarge: ((chamber: number) => void) | undefined
  back(): void
  save(card: Card): void
}

/** A plot with its heading and figures. It is made when it is first drawn. */
export class Card {
  readonly element: HTMLElement
  plot: Plot | undefined
  private readonly mount = element('div', { class: 'plot' })
  private readonly noteLine = element('p', { class: 'note' })
  private readonly emptyText = element('span', { class: 'reason' })
  private readonly emptyLine = element('p', { class: 'empty' }, this.emptyText)
  private readonly document = new Bokeh.Document()
  isVisible = false

  constructor(
    readonly spec: PlotSpec,
    private readonly heading: string,
    private readonly context: PlotContext,
    actions: CardActions,
  ) {
    const named = { role: 'group', 'aria-label': fullTitle(spec) }
    const frame = element('div', { class: 'frame', ...named }, this.mount, this.emptyLine)
    this.element = element('article', { class: 'card', id: spec.name }, this.head(actions), frame, this.noteLine)
  }

  /** @returns whether the plot is drawn anew */
  draw(view: DashboardView, detail: Detail): boolean {
    this.plot ??= this.make()
    const isDrawn = this.plot.update(view, detail)
    if (isDrawn || detail === 'all') this.write(view)
    return isDrawn
  }

  dispose(): void {
    this.document.clear()
    // Bokeh keeps every document there ever was
    Bokeh.documents.splice(Bokeh.documents.indexOf(this.document), 1)
    this.element.remove()
  }

  private write(view: DashboardView): void {
    setText(this.noteLine, this.spec.note(view))
    const empty = this.spec.empty(view)
    this.emptyLine.hidden = empty === undefined
    setText(this.emptyText, empty ?? '')
  }

  private make(): Plot {
    const plot = this.spec.make(this.context)
    this.document.add_root(plot.figure)
    void Bokeh.embed.add_document_standalone(this.document, this.mount)
    return plot
  }

  private head({ enlarge, save }: CardActions): HTMLElement {
    const { chamber, legend } = this.spec
    const head = element('header', {}, element('h3', {}, this.heading))
    if (legend.length > 0) head.append(legendList(this.spec, this.context))
    if (enlarge && chamber !== undefined) {
      head.append(quietButton('Large', `Show chamber ${chamber} large`, () => enlarge(chamber)))
    }
    head.append(quietButton('PNG', `Save ${fullTitle(this.spec)} as PNG`, () => save(this)))
    return head
  }
}

function quietButton(text: string, label: string, onClick: () => void): HTMLElement {
  const button = element('button', { type: 'button', class: 'quiet', 'aria-label': label }, text)
  button.addEventListener('click', onClick)
  return button
}

function legendList({ legend }: PlotSpec, { ink }: PlotContext): HTMLElement {
  return element(
    'ul',
    { class: 'legend' },
    ...legend.map(({ label, colour = ink.text }) => {
      const swatch = element('span', { class: 'swatch' })
      swatch.style.background = colour
      return element('li', {}, swatch, label)
    }),
  )
}
