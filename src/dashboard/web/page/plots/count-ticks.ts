import { tickLabel } from '../words.js'

/** Writes counts at the ticks of an axis as the rest of the page writes them. */
export class CountTickFormatter extends Bokeh.TickFormatter {
  override doFormat(ticks: number[]): string[] {
    return ticks.map(tickLabel)
  }
}
