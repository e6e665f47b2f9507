const natural = new Intl.Collator('en', { numeric: true })

/** `data_2` before `data_10`. `data_2` and `data_02` are the same to the collator, but must have one order always: positions are counted by it. */
export function inNaturalOrder(a: string, b: string): number {
  return natural.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0)
}
