import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'vitest'
import { Cli } from '../support/built-cli.js'
import { expectExactWhenKilled, KILLS, type Place } from '../support/killed-trial.js'

const SLOW = 300_000

let cli: Cli
beforeEach(() => {
  cli = new Cli()
})
afterEach(() => cli.dispose())

function folder(name: string): Place {
  const path = join(cli.folder, name)
  return { uri: `file:${path}/`, folder: path }
}

describe.each([
  ['to files alone', []],
  ['to a topic and files', ['--to', 'topic:data_clean']],
])('process %s', (_, also) => {
  it(
    `killed ${KILLS} times at random while rows flow leaves no file torn, missing or there twice`,
    () => expectExactWhenKilled({ cli, results: folder('results'), hits: folder('hits'), also }),
    SLOW,
  )
})
