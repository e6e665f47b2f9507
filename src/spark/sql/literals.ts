/** Values as Spark's SQL writes them. */

export function textLiteral(value: string): string {
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')
  return `'${escaped}'`
}

/** A double, to the last bit. */
export function doubleLiteral(value: number): string {
  return `${value}D`
}

/** An array of whole numbers, of any length. */
export function integersLiteral(values: readonly number[]): string {
  return `CAST(array(${values.join(', ')}) AS ARRAY<BIGINT>)`
}
