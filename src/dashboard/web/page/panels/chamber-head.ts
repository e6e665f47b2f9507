import type { RunFile } from '../../../../core/run-file/run-file.js'
import { CELLS } from '../../../../core/run-file/run-file.js'
import { element } from '../elements.js'

const ZOOM = 'drag across a histogram to zoom, double-click to see all of it'

/** What stands above the plots of one chamber; with the way back where there are others. */
export function chamberHead({ chambers }: RunFile, chamber: number, back: (() => void) | undefined): HTMLElement {
  const { fpga, first_channel, view, z_mm } = chambers[chamber]
  const channels = `FPGA ${fpga}, channels ${first_channel} to ${first_channel + CELLS - 1}`
  const facts = `${channels} \u00b7 measures ${view} \u00b7 middle at z = ${z_mm} mm`
  const head = element(
    'div',
    { class: 'chamber-head' },
    element('h2', {}, `Chamber ${chamber}`),
    element('p', {}, facts),
  )
  if (matchMedia('(pointer: fine)').matches) head.append(element('p', {}, ZOOM))
  if (back) {
    const button = element('button', { type: 'button', id: 'back' }, 'All chambers')
    button.addEventListener('click', back)
    head.append(button)
  }
  return head
}
