const COMMA = 44
const ZERO = 48
const NINE = 57
/** Fields before the orbit. */
const FIELDS_BEFORE = 3

/**
 * Finds the orbit in the text of a row, as the message's key: any client of Kafka finds the row's partition by its digits. A number that is not written plainly is none.
 * @returns where the digits start, with `key.end` set behind them; -1 where there is no key
 */
export function findOrbitKey(bytes: Uint8Array, start: number, end: number, key: { end: number }): number {
  let at = start
  for (let commas = 0; commas < FIELDS_BEFORE; at++) {
    if (at >= end) return -1
    if (bytes[at] === COMMA) commas++
  }
  const from = at
  while (at < end && bytes[at] >= ZERO && bytes[at] <= NINE) at++
  const isPlain = bytes[at] === COMMA && at < end && at > from && (bytes[from] !== ZERO || at === from + 1)
  key.end = at
  return isPlain ? from : -1
}
