import { expect, it } from 'vitest'
import { reasonInLog } from '../../../src/spark/server/log-reason.js'

it.each([
  [
    'an error of Spark, and not warnings before it',
    `26/01/01 12:00:00 INFO SparkContext: Running Spark version 4.0.0
26/01/01 12:00:00 WARN StandaloneAppClient: Failed to connect to master 127.0.0.1:1
org.apache.spark.SparkException: Exception thrown in awaitResult:
	at org.apache.spark.util.SparkThreadUtils$.awaitResult(SparkThreadUtils.scala:53)
26/01/01 12:01:00 ERROR StandaloneSchedulerBackend: Application has been killed. Reason: All masters are unresponsive! Giving up.
26/01/01 12:01:00 ERROR SparkContext: Error initializing SparkContext.
java.lang.NullPointerException: later`,
    'Application has been killed. Reason: All masters are unresponsive! Giving up.',
  ],
  [
    'the exception below an error that says nothing',
    `26/01/01 12:00:00 ERROR SparkContext: Error initializing SparkContext.
org.apache.spark.SparkException: Could not parse Master URL: 'nowhere'
	at org.apache.spark.SparkContext$.org`,
    "Could not parse Master URL: 'nowhere'",
  ],
  [
    'what spark-submit says',
    'WARNING: Using incubator modules\nException in thread "main" org.apache.spark.SparkException: Master must start with spark\n\tat x',
    'Master must start with spark',
  ],
  [
    'what the JVM says',
    'Error: Could not find or load main class X\nmore',
    'Error: Could not find or load main class X',
  ],
  ['what the shell says', 'JAVA_HOME is not set\n', 'JAVA_HOME is not set'],
  ['the last line where no error is', '26/01/01 12:00:00 INFO A: one\nsomething\n\n', 'something'],
  ['that there is nothing', '', 'it says nothing'],
])('is %s', (_, log, reason) => {
  expect(reasonInLog(log)).toBe(reason)
})
