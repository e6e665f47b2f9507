import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Result } from '../../../src/core/results/result.js'
import { ResultSum } from '../../../src/core/results/result-sum.js'
import { sumResults } from '../../../src/sources/results/sum-results.js'
import { anyChain, resultOfSize } from '../../support/results.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const CONTEXT = { log: () => Promise.reject(new Error('no log is needed')), onForeign: () => {} }
const going = new AbortController().signal

async function filesOf(...contents: Result[][]): Promise<string[]> {
  const folder = await temporaryFolder()
  const files = contents.map((_, i) => path.join(folder, `${i}.ndjson`))
  for (const [i, file] of files.entries()) {
    await writeFile(file, contents[i].map((result) => `${JSON.stringify(result)}\n`).join(''))
  }
  return files
}

describe('the sum of results from several sources', () => {
  it('is what their plain addition gives, and leaves out what is there twice', async () => {
    await fc.assert(
      fc.asyncProperty(anyChain({ minLength: 1, maxLength: 5 }), fc.nat(5), async (chain, cut) => {
        const sum = new ResultSum()
        for (const result of chain) sum.add(result)
        const uris = await filesOf(chain.slice(0, cut), chain.slice(cut), chain)
        const summed = await sumResults(uris, CONTEXT, { orbitDetail: true, worker: 'merge', signal: going })
        expect(summed).toEqual({
          result: sum.toResult('merge'),
          added: chain.length,
          repeated: chain.length,
          gaps: [],
        })
        expect(summed?.result.hit_count).toBe(chain.reduce((hits, { hit_count }) => hits + hit_count, 0))
      }),
      { numRuns: 30 },
    )
  })

  it('tells of gaps', async () => {
    const source = [{ topic: 'data_raw', partition: 0, from: 900, to: 1000, watermark: null }]
    const first = resultOfSize(60)
    const uris = await filesOf([first, { ...resultOfSize(60, 1), source }])
    const summed = await sumResults(uris, CONTEXT, { orbitDetail: true, worker: 'merge', signal: going })
    expect(summed?.gaps).toEqual([{ source: 'data_raw/0', from: first.source[0].to, to: 900 }])
  })

  it('goes without the list of orbits, if so asked', async () => {
    const uris = await filesOf([resultOfSize(60)])
    const summed = await sumResults(uris, CONTEXT, { orbitDetail: false, worker: 'merge', signal: going })
    expect(summed?.result).not.toHaveProperty('active_tdc_chamber')
    expect(summed?.result.hit_count).toBe(resultOfSize(60).hit_count)
  })

  it('needs results, of one geometry', async () => {
    const options = { orbitDetail: true, worker: 'merge', signal: going }
    const [empty] = await filesOf([])
    await expect(sumResults([empty], CONTEXT, options)).rejects.toThrow(`there are no results in ${empty}`)
    const source = [{ topic: 'data_raw', partition: 1, from: 0, to: 9, watermark: null }]
    const uris = await filesOf([resultOfSize(60)], [{ ...resultOfSize(60), source, geometry: 'another' }])
    await expect(sumResults(uris, CONTEXT, options)).rejects.toThrow('results of different geometry cannot be added')
  })

  it('is none where the signal has aborted', async () => {
    const uris = await filesOf([resultOfSize(60)])
    const options = { orbitDetail: true, worker: 'merge', signal: AbortSignal.abort() }
    expect(await sumResults(uris, CONTEXT, options)).toBeUndefined()
  })
})
