import { Resvg } from '@resvg/resvg-js'
import { expect, it } from 'vitest'
import type { TunablesPoint, TunablesRecord } from '../../bench/spark/tunables-record.js'
import { tunablesSvg } from '../../bench/spark/tunables-svg.js'

const PARTITIONS = [1, 2, 4, 8, 20, 200]

function pointsOf(executors: number, cores: number, ms: (shufflePartitions: number) => number): TunablesPoint[] {
  return PARTITIONS.map((shufflePartitions) => ({
    ...{ executors, cores, shufflePartitions },
    ...{ arrow: true, medianMs: ms(shufflePartitions), batches: 3 },
  }))
}

const RECORD: TunablesRecord = {
  ...{ date: '2026-01-02', machineCores: 2, spark: '4.0.0', batchRows: 50_000 },
  points: [
    ...pointsOf(1, 1, (count) => 2000 + 100 * count),
    ...pointsOf(2, 1, (count) => 1300 + 60 * count),
    { executors: 2, cores: 1, shufflePartitions: 2, arrow: false, medianMs: 1430, batches: 3 },
  ],
}

/** Places of the corners of each curve. */
function curvesIn(svg: string): number[][][] {
  const paths = [...svg.matchAll(/<path d="M([\d. L]+)" fill="none"/g)]
  return paths.map(([, path]) => path.split('L').map((place) => place.split(' ').map(Number)))
}

it('draws a curve for each kind of executors, and a point for each number of partitions', () => {
  const [one, two, ...more] = curvesIn(tunablesSvg(RECORD))
  expect(more).toEqual([])
  expect([one.length, two.length]).toEqual([PARTITIONS.length, PARTITIONS.length])
  // more partitions lie to the right, and what takes longer lies higher
  for (const curve of [one, two])
    for (let i = 1; i < curve.length; i++) {
      expect(curve[i][0]).toBeGreaterThan(curve[i - 1][0])
      expect(curve[i][1]).toBeLessThan(curve[i - 1][1])
    }
  one.forEach(([x, y], i) => {
    expect(two[i][0]).toBe(x)
    expect(two[i][1]).toBeGreaterThan(y)
  })
})

it('says when, where and on how many cores it was measured, and what Arrow did', () => {
  const svg = tunablesSvg(RECORD)
  for (const words of [
    '2026-01-02, Spark 4.0.0',
    'one machine of 2 cores',
    '2 executors × 1 core, 2 partitions: 1.43 s without Arrow, 1.42 s with it',
    '50000 rows',
    'processing time, s',
    'spark.sql.shuffle.partitions',
  ])
    expect(svg).toContain(words)
})

it('has one place for a single point, and is a picture', () => {
  const svg = tunablesSvg({ ...RECORD, points: pointsOf(1, 1, () => 2000).slice(0, 1) })
  expect(svg).not.toContain('NaN')
  expect(new Resvg(svg).render().width).toBe(760)
})
