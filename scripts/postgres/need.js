// Says in one sentence what the PostgreSQL server of the tests lacks, if anything (exit code 3).
import { exit, stderr } from 'node:process'
import { findServer, serverUser } from './server-files.js'

if (!findServer())
  fail(
    'The tests of PostgreSQL need its server, which is missing: apt-get install postgresql, or brew install postgresql.',
  )
if (!serverUser()) fail('PostgreSQL does not run as root, and there is no user postgres or nobody to run it as.')

function fail(sentence) {
  stderr.write(`${sentence}\n`)
  exit(3)
}
