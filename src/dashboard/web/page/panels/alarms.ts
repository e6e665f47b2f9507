import { plural } from '../../../../cli/numbers.js'
import type { DashboardView } from '../../../view.js'
import { byId, element, setText } from '../elements.js'
import { since } from '../words.js'

/** What is wrong, and since when. Where nothing has changed, nothing is written: screen readers read out what is. */
export class AlarmPanel {
  private readonly root = byId('alarms', HTMLElement)
  private readonly heading = element('strong', { class: 'count' })
  private readonly list = element('ul')

  constructor() {
    this.root.replaceChildren(this.heading, this.list)
    setText(this.heading, 'No alarm')
  }

  show({ health: { alarms }, atMs }: Pick<DashboardView, 'health' | 'atMs'>): void {
    setText(this.heading, alarms.length === 0 ? 'No alarm' : plural(alarms.length, 'alarm'))
    this.root.classList.toggle('raised', alarms.length > 0)
    const shown = new Map([...this.list.children].map((item) => [(item as HTMLElement).dataset.id, item]))
    const items = alarms.map(({ id, text, sinceMs }) => {
      const item = shown.get(id) ?? newItem(id)
      setText(item.children[0], text)
      setText(item.children[1], since(sinceMs, atMs))
      return item
    })
    const same = items.length === this.list.children.length && items.every((item, i) => item === this.list.children[i])
    if (!same) this.list.replaceChildren(...items)
  }
}

function newItem(id: string): HTMLElement {
  return element('li', { 'data-id': id }, element('strong'), element('span', { class: 'since', 'aria-live': 'off' }))
}
