// Makes ready what the tests with Spark need, their brokers included, or says in one sentence what is missing (exit code 3).
import '../kafka/need.js'
import { exit, stderr } from 'node:process'
import { javaVersion, runs } from '../kafka/broker-files.js'
import { fetchConnector, haveConnector, haveSpark, installSpark } from './spark-files.js'

/** What Spark 4.0 runs on; later ones lack what Hadoop calls. */
const NEWEST_JAVA = 21

const java = javaVersion()
if (Number.parseInt(java, 10) > NEWEST_JAVA)
  fail(`Spark 4.0 needs Java 17 or 21, and this is ${java}: apt-get install openjdk-17-jre-headless, or set JAVA_HOME.`)
if (!haveSpark()) {
  if (!runs('python3', '--version'))
    fail('Spark is fetched with python3 and venv: apt-get install python3-venv, or brew install python.')
  ready('Installing pyspark from PyPI, half a gigabyte ...', installSpark)
}
if (!haveConnector()) {
  if (!runs('mvn', '-v'))
    fail(
      "Spark's connector for Kafka is fetched by Maven, which is missing: apt-get install maven, or brew install maven.",
    )
  ready("Fetching Spark's connector for Kafka ...", fetchConnector)
}

function ready(sentence, make) {
  stderr.write(`${sentence}\n`)
  try {
    make()
  } catch (error) {
    fail(error.message)
  }
}

function fail(sentence) {
  stderr.write(`${sentence}\n`)
  exit(3)
}
