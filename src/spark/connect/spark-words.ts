const LONGEST = 400
/** As Spark writes it before a message: `[UNRESOLVED_COLUMN.WITH_SUGGESTION]` */
const ERROR_CLASS = /\[([A-Z][A-Z0-9_]+(?:\.[A-Z0-9_]+)*)\]/g

/** `Lost task 0.3: org.apache.spark.SparkException: java.io.IOException: `, up to the last cause on the line */
const CAUSES = /^.*\b(?:[a-z][\w$]*\.)+[\w$]+(?:Exception|Error): /

/** What comes first in a message of Spark, without the names of Java's classes before it, SQLSTATE, plans and stacks after it. */
export function firstSentence(message: string): string {
  const [line] = message.trim().split(/\s*(?:\n|SQLSTATE:)/)
  const bare = line.replace(CAUSES, '').trim()
  return bare.length > LONGEST ? `${bare.slice(0, LONGEST)}...` : bare
}

/** The error class of the innermost cause that has one; plans, which come after the causes, have brackets too. */
export function innermostClass(message: string): string | undefined {
  const [causes] = message.split('\n===')
  return [...causes.matchAll(ERROR_CLASS)].at(-1)?.[1]
}
