/**
 * Colours that people with any colour vision tell apart: M. Okabe and K. Ito, Color Universal Design, 2008. Yellow, the
 * faintest on white, comes last.
 */
export const OKABE_ITO = ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#f0e442'] as const

/** What is wrong or stands out, in every plot. */
export const ALARM_COLOUR = '#d55e00'

/** The colour of a chamber; those of many chambers repeat. */
export function chamberColour(chamber: number): string {
  return OKABE_ITO[chamber % OKABE_ITO.length]
}

/** Colours of the page's theme, for what is painted instead of styled. */
export interface Ink {
  readonly text: string
  readonly muted: string
  readonly line: string
  readonly card: string
}

/** The colours of page.css as they are now. */
export function readInk(): Ink {
  const style = getComputedStyle(document.documentElement)
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim()
  return { text: colour('text'), muted: colour('muted'), line: colour('line'), card: colour('card') }
}
