import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { runCli, startCli } from '../support/run-cli.js'

describe('dtstream', () => {
  it('says which command was meant, and ends with 2', async () => {
    const { code, stdout, stderr } = await runCli(['topic', 'lst'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      [
        "Error: there is no command 'topic lst'",
        'Try this:',
        '  * dtstream topics list',
        '  * dtstream --help',
        '',
      ].join('\n'),
    )
  })

  it('prints an error as a sentence with what to try, and ends with its code', async () => {
    const { code, stdout, stderr } = await runCli(['topics', 'list', '--jsn'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toBe(
      [
        'Error: dtstream topics list does not have the flag --jsn',
        'Try this:',
        '  * --json',
        '  * dtstream topics list --help',
        '',
      ].join('\n'),
    )
  })

  it('ends with 0 when nobody reads its output any more', async () => {
    const child = startCli(['run-file'])
    child.stdout.destroy()
    expect(await once(child, 'close')).toEqual([0, null])
  })
})
