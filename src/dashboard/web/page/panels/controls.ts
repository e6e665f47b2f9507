import type { RunFile } from '../../../../core/run-file/run-file.js'
import { DOWNLOADS } from '../../messages.js'
import { byId, element } from '../elements.js'
import type { Settings } from '../settings.js'

const CONTENT: Record<(typeof DOWNLOADS)[number], string> = {
  'results.ndjson': 'the sum of all results',
  'histograms.csv': 'the histograms shown',
  'rates.csv': 'the rates shown',
}

/** Controls of what is shown, and the links to download it. */
export class Controls {
  private readonly log = byId('log', HTMLInputElement)
  private readonly chamber = byId('chamber', HTMLSelectElement)

  constructor({ chambers }: RunFile, choose: (chosen: Partial<Settings>) => void) {
    this.chamber.replaceChildren(
      element('option', { value: '' }, 'all'),
      ...chambers.map((_, i) => element('option', { value: String(i) }, String(i))),
    )
    this.chamber.disabled = chambers.length === 1
    this.chamber.addEventListener('change', () => choose({ chamber: numberIn(this.chamber.value) }))
    this.log.addEventListener('change', () => choose({ log: this.log.checked }))
    for (const radio of radios())
      radio.addEventListener('change', () => choose({ window: numberIn(radio.value) ?? 'cumulative' }))
    byId('controls', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault())
    closeWhenLeft(document.querySelector('details.menu'))
  }

  /** Has the controls say what is chosen. */
  show({ window, log, chamber, at }: Settings): void {
    for (const radio of radios()) radio.checked = radio.value === String(window)
    this.log.checked = log
    this.chamber.value = chamber === undefined ? '' : String(chamber)
    const moment = at === undefined ? '' : `&at=${at}`
    byId('downloads', HTMLElement).replaceChildren(
      ...DOWNLOADS.map((name) => {
        const href = `/download/${name}?window=${window}${moment}`
        return element('li', {}, element('a', { href, download: name }, name, element('small', {}, CONTENT[name])))
      }),
    )
  }
}

function radios(): NodeListOf<HTMLInputElement> {
  return document.querySelectorAll<HTMLInputElement>('input[name=window]')
}

function numberIn(value: string): number | undefined {
  return /^\d+$/.test(value) ? Number(value) : undefined
}

function closeWhenLeft(menu: HTMLDetailsElement | null): void {
  document.addEventListener('click', ({ target }) => {
    const isLeft = target instanceof HTMLAnchorElement || (target instanceof Node && !menu?.contains(target))
    if (menu && isLeft) menu.open = false
  })
}
