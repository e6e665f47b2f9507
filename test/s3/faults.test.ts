import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { type Bucket, openBucket } from '../../src/s3/bucket.js'
import type { S3Limits } from '../../src/s3/limits.js'
import { type Fault, FaultProxy } from './support/fault-proxy.js'
import { LocalS3 } from './support/local-s3.js'
import { fillBucket, plainClient } from './support/plain-client.js'
import { bytesOf, digest, readKey } from './support/read-object.js'

const MIB = 1 << 20
const BIG = randomBytes(12 * MIB + 12_345)
/** Short pauses, and ranges small enough for many of them. */
const LIMITS = { pauseMs: 5, longestPauseMs: 50, rangeBytes: 2 * MIB }

let server: LocalS3
let proxy: FaultProxy
let bucket: Bucket
beforeAll(async () => {
  server = await LocalS3.start()
  await fillBucket(plainClient(server), 'first', { 'big.bin': BIG })
})
afterAll(() => server.stop())
beforeEach(async () => {
  proxy = await FaultProxy.start(server.port)
  bucket = await open()
})
afterEach(async () => {
  await bucket.close()
  await proxy.stop()
})

const open = (limits: Partial<S3Limits> = {}) =>
  openBucket('s3://first', { endpoint: proxy.endpoint }, { ...LIMITS, ...limits })

/** Lists, so that faults strike the reading alone, on connections of its own. */
async function readUnder(faults: readonly Fault[], limits?: Partial<S3Limits>): Promise<Buffer> {
  const [object] = await bucket.list('big.bin')
  await bucket.close()
  bucket = await open(limits)
  proxy.faults.push(...faults)
  return bytesOf(bucket.read(object))
}

const times = (count: number, fault: (i: number) => Fault) => Array.from({ length: count }, (_, i) => fault(i))

describe('an object is read whole, byte for byte', () => {
  it.each<[string, Fault[]]>([
    ['connections are reset', times(4, (i) => ({ after: 300_000 * (i + 1), how: 'reset' }))],
    ['connections end', times(4, (i) => ({ after: 300_000 * (i + 1), how: 'end' }))],
    ['connections fall silent', times(3, (i) => ({ after: 500_000 * (i + 1), how: 'stall' }))],
    ['the store has failed', times(4, () => ({ answer: 500 }))],
    ['the store asks for patience', times(4, () => ({ answer: 503 }))],
    ['twenty faults follow each other', times(20, (i) => ({ after: 20_000 * (i + 1), how: i % 2 ? 'reset' : 'end' }))],
  ])('when %s', async (_, faults) => {
    const limits = faults.some((fault) => 'how' in fault && fault.how === 'stall') ? { silenceMs: 500 } : {}
    expect(digest(await readUnder(faults, limits))).toBe(digest(BIG))
    expect(proxy.faults).toEqual([])
  })

  it('when the server is killed in the midst, and comes back', async () => {
    const patient = await open({ attempts: 100, pauseMs: 50, longestPauseMs: 500 })
    const [object] = await patient.list('big.bin')
    const reader = patient.read(object)
    const first = await reader.next()
    await server.kill()
    const [rest] = await Promise.all([bytesOf(reader), sleep(300).then(() => server.restart())])
    expect(digest(Buffer.concat([first ?? Buffer.of(), rest]))).toBe(digest(BIG))
    await patient.close()
  })

  it('however slowly it is used: no connection waits for that', async () => {
    const [object] = await bucket.list('big.bin')
    const reader = bucket.read(object, 9 * MIB)
    const first = await reader.next()
    // what is left is at hand when its range has come; from there on the store may vanish
    await vi.waitFor(() => expect(proxy.passed).toBeGreaterThan(3 * MIB + 12_345))
    await proxy.stop()
    expect(digest(Buffer.concat([first ?? Buffer.of(), await bytesOf(reader)]))).toBe(digest(BIG.subarray(9 * MIB)))
  })
})

describe('an object is given up', () => {
  it('when one attempt after the other comes to nothing', async () => {
    await expect(readUnder(times(50, () => ({ answer: 503 }))).then(digest)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: `s3://first/big.bin could not be read: ${proxy.endpoint} answers 503: by the proxy`,
    })
  })

  it('when a byte is another than what was stored', async () => {
    await expect(readUnder([{ after: 1_000_000, how: 'corrupt' }]).then(digest)).rejects.toMatchObject({
      name: 'ExpectedError',
      message: 's3://first/big.bin did not come as it was stored: its checksum is another',
    })
  })

  it('at once when its reader is closed, and nothing goes on', async () => {
    const [object] = await bucket.list('big.bin')
    const reader = bucket.read(object)
    await reader.next()
    reader.close()
    for (let i = 0; i < 20; i++) await bucket.list('big.bin')
    expect(proxy.passed).toBeLessThan(7 * MIB)
  })
})

describe('an object is written whole', () => {
  it.each<[string, Fault[], Partial<S3Limits>]>([
    ['at once', [{ answer: 503 }, { after: 0, how: 'reset' }, { after: 0, how: 'end' }], {}],
    ['in parts', times(6, (i) => ({ after: 400 * i, how: 'reset' })), { singlePutBytes: MIB, partBytes: 5 * MIB }],
  ])('%s, also when answers are lost', async (how, faults, limits) => {
    const other = await open(limits)
    proxy.faults.push(...faults)
    expect(['written', 'there']).toContain(await other.put(`made ${how}`, BIG, { ifAbsent: true }))
    await other.close()
    expect(digest(await readKey(bucket, `made ${how}`))).toBe(digest(BIG))
  })

  it('or not at all', async () => {
    proxy.faults.push(...times(50, () => ({ answer: 503 })))
    const put = bucket.put('made', BIG, { ifAbsent: true })
    await expect(put).rejects.toThrow(/^s3:\/\/first\/made could not be written: .* answers 503/)
    proxy.faults.length = 0
    expect(await bucket.list('made')).not.toContainEqual(expect.objectContaining({ key: 'made' }))
  })
})
