// Makes ready what the S3 server of the tests needs, or says in one sentence what is missing (exit code 3).
import { exit, stderr } from 'node:process'
import { runs } from '../kafka/broker-files.js'
import { buildServer, haveServer } from './server-files.js'

if (!runs('openssl', 'version'))
  fail('The S3 server of the tests needs openssl for its certificate: apt-get install openssl.')
if (!haveServer()) {
  if (!runs('go', 'version'))
    fail('The S3 server of the tests is built by Go, which is missing: apt-get install golang, or brew install go.')
  stderr.write('Building versitygw, which takes some minutes ...\n')
  try {
    buildServer()
  } catch (error) {
    fail(error.message)
  }
}

function fail(sentence) {
  stderr.write(`${sentence}\n`)
  exit(3)
}
