// Makes ready what the tests with Python need, or says in one sentence what is missing (exit code 3).
import { exit, stderr } from 'node:process'
import { runs } from '../kafka/broker-files.js'
import { haveReaders, installReaders } from './readers.js'

if (!haveReaders()) {
  if (!runs('python3', '--version'))
    fail('The tests with Python need python3 with venv: apt-get install python3-venv, or brew install python.')
  stderr.write('Installing pyarrow, DuckDB, polars and hist from PyPI ...\n')
  try {
    installReaders()
  } catch (error) {
    fail(`pyarrow, DuckDB, polars and hist could not be installed from PyPI: ${error.message}`)
  }
}

function fail(sentence) {
  stderr.write(`${sentence}\n`)
  exit(3)
}
