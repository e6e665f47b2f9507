import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { readParquet } from 'parquet-wasm'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../src/core/results/result.js'
import { readResults } from '../../src/sources/results/read-results.js'
import { noLog } from '../support/no-log.js'
import { chainedResult, expectSameResults } from '../support/results.js'
import { seeded } from '../support/stream.js'
import { temporaryFolder } from '../support/temporary-folder.js'
import { writeUntilKilled } from './children/write-until-killed.js'

const KILLS = 20

describe('a process that writes files of results, and of hits as Parquet', () => {
  it(`killed ${KILLS} times at random leaves each file whole and once, and none of those missing that were safe`, {
    timeout: 240_000,
  }, async () => {
    const seed = Number(process.env.SEED ?? Date.now() % 1e6)
    console.log(`files, a writer killed: SEED=${seed}`)
    const random = seeded(seed)
    const folder = await temporaryFolder()
    let last = 0
    // each goes back over some that are there already, as a lane does that could not commit
    for (let kill = 0; kill < KILLS; kill++)
      last = Math.max(last, await writeUntilKilled([`file:${folder}`, String(Math.max(0, last - 1))], random))

    const foreign: unknown[] = []
    const results: Result[] = []
    const context = { log: noLog, onForeign: (one: unknown) => foreign.push(one) }
    for await (const result of readResults([`file:${folder}/results`], context)) results.push(result)
    expect(foreign).toEqual([])
    expect(results.length).toBeGreaterThan(last)
    // one more may be there whole that had no time to be said
    expectSameResults(
      results,
      Array.from({ length: results.length }, (_, i) => chainedResult(20_000, i)),
    )
    expect(results.length).toBeLessThanOrEqual(last + 2)

    const hits = path.join(folder, 'hits/run=0/hour=0')
    const names = (await readdir(hits)).filter((name) => !name.startsWith('.')).sort()
    expect(names.length).toBeGreaterThan(last)
    for (const [number, name] of names.entries()) {
      const bytes = await readFile(path.join(hits, name))
      const table = tableFromIPC(readParquet(bytes).intoIPCStream())
      expect(table.numRows).toBe(1000)
      expect(new Set(table.getChild('orbit'))).toEqual(new Set([number]))
    }
    const left = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.part'))
    console.log(
      `${results.length} results and ${names.length} files of hits; left hidden by ${KILLS} kills: ${left.length}`,
    )
  })
})
