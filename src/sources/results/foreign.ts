/** Something among results that is none: it is passed over, and whoever reads is told. */
export interface Foreign {
  /** where it stands: file and line, or topic, partition and offset */
  where: string
  reason: string
  /** its first characters, fit for a terminal; empty where it is no text */
  text: string
}

/** Characters of a foreign message that are shown. */
const SHOWN_CHARACTERS = 80

/** The beginning of a text on one line; control characters, which a terminal would obey, are replaced. */
export function excerpt(text: string): string {
  return Array.from(text.slice(0, 2 * SHOWN_CHARACTERS))
    .slice(0, SHOWN_CHARACTERS)
    .join('')
    .replace(/\p{C}/gu, '\u00b7')
}
