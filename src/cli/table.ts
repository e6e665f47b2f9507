/** Columns below their titles, two blanks apart; numbers (given as `right`) end in line. */
export function table(
  titles: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly string[],
): string {
  const widths = titles.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) =>
        right.includes(titles[column]) ? cell.padStart(widths[column]) : cell.padEnd(widths[column]),
      )
      .join('  ')
      .trimEnd()
  return [titles, ...rows].map(line).join('\n')
}
