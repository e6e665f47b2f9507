import type { RawWord } from '../../core/run-file/run-file.js'
import { LETTERS } from '../../log/kafka/records/marks.js'
import { textLiteral } from './literals.js'

/** How Arrow's IPC stream begins; no text does. */
const ARROW_BEGINS = "X'FFFFFFFF'"
const REFUSAL = 'dtstream refuses: '
const NEWLINE = textLiteral('\n')
const ARROW_MET = textLiteral(
  'there are Arrow streams among the messages, which SQL cannot read: send the rows as text, with replay --format lines',
)
/** What is left behind the last whole word: no record. */
const CUT_OFF = textLiteral('cut off')

/**
 * The lines of Kafka's messages: partition, offset, ts (when appended), is_end (an end mark), place (in the message) and line. A message without
 * a line has one row all the same, so that its offset is seen.
 * @param source a view on Spark's Kafka source, with its headers
 */
export function linesOfMessages(source: string, raw: RawWord): string {
  return `
SELECT partition, offset, ts, kind <=> '${LETTERS.end}' is_end, posexplode_outer(
  CASE WHEN kind = '${LETTERS.end}' THEN NULL
    WHEN kind = '${LETTERS.daq}' THEN ${linesOfWords('value', raw)}
    WHEN kind = '${LETTERS.arrow}' OR NOT kind <=> '${LETTERS.text}' AND startswith(value, ${ARROW_BEGINS}) THEN array(${refuse(ARROW_MET)})
    WHEN contains(text, ${NEWLINE}) THEN split(text, ${NEWLINE})
    ELSE array(text) END) (place, line)
FROM (
  SELECT partition, offset, timestamp ts, value, CAST(value AS STRING) text,
    decode(filter(headers, h -> h.key = 'dt' AND length(h.value) = 1)[0].value, 'US-ASCII') kind
  FROM ${source})`
}

/** The raw words in a binary value, each as the text of its record; see `src/core/rows/daq.ts`. */
export function linesOfWords(value: string, raw: RawWord): string {
  const count = `length(${value}) DIV 8`
  const words = `transform(sequence(0, ${count} - 1), i -> ${wordInText(value, raw)})`
  return `concat(IF(${count} = 0, array(), ${words}), IF(length(${value}) % 8 = 0, array(), array(${CUT_OFF})))`
}

function wordInText(value: string, { layout, channel_offset, tdc_offset, tdc_offset_except }: RawWord): string {
  const byte = (n: number) => `CAST(conv(hex(substring(${value}, 8 * i + ${n + 1}, 1)), 16, 10) AS BIGINT)`
  const half = (first: number) => [0, 1, 2, 3].map((k) => `${byte(first + k)} * ${256 ** k}`).join(' + ')
  const bits = (word: string, from: number, mask: number) => `(shiftright(${word}, ${from}) & ${mask})`
  const [headBit, fpgaMask] = layout === 'head2-fpga4' ? [30, 15] : [29, 7]
  const channel = bits('word.high', 17, 511)
  const keepsTdc = tdc_offset_except.length > 0 ? `${channel} IN (${tdc_offset_except.join(', ')})` : 'FALSE'
  const fields = [
    `shiftright(word.high, ${headBit})`,
    bits('word.high', 26, fpgaMask),
    `${channel} + ${channel_offset}`,
    `((word.high * ${2 ** 15} + shiftright(word.low, 17)) & ${2 ** 32 - 1})`,
    bits('word.low', 5, 4095),
    `(word.low & 31) + IF(${keepsTdc}, 0, ${tdc_offset})`,
  ]
  const text = `concat_ws(',', ${fields.join(', ')})`
  return `transform(array(struct(${half(0)} low, ${half(4)} high)), word -> ${text})[0]`
}

/** An expression that ends the query with a reason, which is one as well; `refusalIn` finds it again. */
export function refuse(reason: string): string {
  return `CAST(raise_error(concat(${textLiteral(REFUSAL)}, ${reason})) AS STRING)`
}

/** The reason that `refuse` gave, among the words of Spark; undefined where there is none. */
export function refusalIn(words: string): string | undefined {
  return new RegExp(`\\[USER_RAISED_EXCEPTION\\] ${REFUSAL}([^\\n]*?)(?: SQLSTATE: |\\n|$)`).exec(words)?.[1]
}
