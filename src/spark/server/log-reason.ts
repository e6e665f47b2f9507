import { firstSentence } from '../connect/spark-words.js'

/** A line as Spark logs it: `26/01/01 12:00:00 ERROR SparkContext: Error initializing SparkContext.` */
const LOGGED = /^\S+ \S+ (DEBUG|INFO|WARN|ERROR|FATAL) \S+: (.*)$/
/** Says no more than the exception below it. */
const EMPTY = /^Error initializing SparkContext/
const EXCEPTION = /^(?:Caused by: )?(?:[a-z][\w$]*\.)+[\w$]+(?:Exception|Error)\b/
/** Of spark-submit and Java, which have no log yet. */
const PLAIN =
  /^(?:Exception in thread "[^"]*" |Error: |Invalid |.*(?:command not found|is not set|Unrecognized option))/

/** Why Spark ended early, by its log: the first error in it, otherwise its last line. */
export function reasonInLog(log: string): string {
  const lines = log.split('\n').filter((line) => line.trim() !== '')
  let isError = false
  for (const line of lines) {
    const [, level, message] = LOGGED.exec(line) ?? []
    if (level !== undefined) {
      isError = level === 'ERROR' || level === 'FATAL'
      if (isError && !EMPTY.test(message)) return firstSentence(message)
    } else if (PLAIN.test(line) || (isError && EXCEPTION.test(line))) return firstSentence(line)
  }
  return firstSentence(lines.at(-1) ?? 'it says nothing')
}
