import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const MODULE = new URL('../../src/cli/confirm.ts', import.meta.url).href
const CTRL_C = '\x03'
const CTRL_D = '\x04'
const PROGRAM = `
  import { confirm } from '${MODULE}'
  const answer = await confirm('Delete data_raw?').catch((error) => error.oclif.exit)
  console.log('answer: ' + answer)
`

it.for([
  ['y\n', true],
  ['YES\n', true],
  ['\n', false],
  ['yellow\n', false],
  [CTRL_D, false],
  [CTRL_C, 130],
] as const)('asks on a terminal: %j means %s', async ([answer, means], { skip }) => {
  // util-linux's script opens a pseudo-terminal
  if (!spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux')) {
    skip('no pseudo-terminal: script of util-linux is not installed')
  }
  const node = `${process.execPath} --import tsx --input-type=module -e "$PROGRAM"`
  const child = spawn('script', ['-qfec', node, '/dev/null'], { cwd: ROOT, env: { ...process.env, PROGRAM } })
  let output = ''
  let answered = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (answered || !output.includes('[y/N] ')) return
    answered = true
    child.stdin.write(answer)
  })
  await once(child, 'close')
  expect(output).toContain('Delete data_raw? [y/N] ')
  expect(output).toContain(`answer: ${means}`)
})
