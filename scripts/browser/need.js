// Says in one sentence what the tests of the page lack, if they lack anything (exit code 3).
import { existsSync } from 'node:fs'
import { exit, stderr } from 'node:process'
import { CHROMIUM } from './chromium.js'

if (!CHROMIUM || !existsSync(CHROMIUM)) {
  stderr.write('The tests of the page need Chromium: apt-get install chromium, or CHROMIUM_PATH.\n')
  exit(3)
}
