// Makes ready what the brokers of the tests need, or says in one sentence what is missing (exit code 3).
import { exit, stderr } from 'node:process'
import { fetchJars, haveJars, javaVersion, runs } from './broker-files.js'

const java = javaVersion()
if (java === undefined || Number.parseInt(java, 10) < 17) {
  const found = java === undefined ? 'there is none' : `this is ${java}`
  fail(
    `Kafka's brokers need Java 17 or newer, and ${found}: apt-get install openjdk-17-jre-headless, ` +
      'brew install openjdk, or set JAVA_HOME.',
  )
}
if (!runs('openssl', 'version'))
  fail('The brokers of the tests need openssl for their certificates: apt-get install openssl.')
if (!haveJars()) {
  if (!runs('mvn', '-v'))
    fail("Kafka's jars are fetched by Maven, which is missing: apt-get install maven, or brew install maven.")
  stderr.write("Fetching Kafka's jars ...\n")
  try {
    fetchJars()
  } catch (error) {
    fail(error.message)
  }
}

function fail(sentence) {
  stderr.write(`${sentence}\n`)
  exit(3)
}
