import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { alarmCommand } from '../../src/alarms/command.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { raised } from './made-up.js'

const never = new AbortController().signal

it('gives the events to the command as lines, and the newest in words', async () => {
  const seen = join(await temporaryFolder(), 'seen')
  await alarmCommand(`(cat; echo "$DTSTREAM_ALARM") > '${seen}'`)(
    { records: [raised(1), raised(2)], omitted: 0 },
    never,
  )
  const lines = (await readFile(seen, 'utf8')).trim().split('\n')
  expect(lines.slice(0, 2).map((line) => JSON.parse(line))).toEqual([raised(1), raised(2)])
  expect(lines[2]).toBe('raised: cell 2 of chamber 2 is dead: 0 hits where 31 are expected')
})

it('needs no command that reads', async () => {
  const many = Array.from({ length: 1000 }, (_, i) => raised(i % 64))
  await expect(alarmCommand('true')({ records: many, omitted: 0 }, never)).resolves.toBeUndefined()
})

it.each([
  ['exit 3', /^the command for alarms ended with 3$/],
  ['kill -9 $$', /^the command for alarms ended with SIGKILL$/],
  ['no-such-command-here 2> /dev/null', /^the command for alarms ended with 127$/],
])('fails with %s', async (command, message) => {
  await expect(alarmCommand(command)({ records: [raised(1)], omitted: 0 }, never)).rejects.toThrow(message)
})

it('is killed, with what it has started, when it takes too long', async () => {
  const waiting = alarmCommand('sleep 1000; true', 200)({ records: [raised(1)], omitted: 0 }, never)
  await expect(waiting).rejects.toThrow(/^the command for alarms was not done within 0\.2 s$/)
})
