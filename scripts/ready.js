// Makes a clone ready to run: installs what is missing, builds what has changed, says nothing where nothing is to do.
import { spawnSync } from 'node:child_process'
import { dirname } from 'node:path'
import { exit, stderr, versions } from 'node:process'
import { fileURLToPath } from 'node:url'
import { build, isBuilt } from './lib/build.js'
import { isInstalled } from './lib/installed.js'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

const [major, minor] = versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  fail(`dtstream needs Node 20.19 or newer; this is ${versions.node}.`)
}
if (!isInstalled(root)) {
  stderr.write('Installing ...\n')
  const npm = spawnSync('npm', ['ci', '--include=dev', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (npm.status !== 0) fail('npm ci did not succeed; its own words are above.')
}
if (!isBuilt(root)) {
  stderr.write('Building ...\n')
  if (!build(root)) fail('The build did not succeed; what the compiler says is above.')
}

function fail(sentence) {
  stderr.write(`${sentence}\n`)
  exit(1)
}
