import type { TunablesPoint, TunablesRecord } from './tunables-record.js'

const SIZE = { width: 760, height: 500 }
const PLOT = { left: 72, right: 730, top: 92, bottom: 400 }
const MARK = 4
/** Readable on light and on dark ground. */
const COLOURS = ['#2f7ed8', '#d9652b', '#1f9d66', '#9a62d0', '#c2922a', '#c94f7c']
const STYLE = `text{font:13px 'DejaVu Sans',Verdana,sans-serif;fill:#24292f}
.ground{fill:#fff}.grid{stroke:#d8dee4}.axis{stroke:#57606a}.quiet{fill:#57606a;font-size:12px}.title{font-size:16px;font-weight:bold}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#0d1117}.grid{stroke:#30363d}.axis{stroke:#8b949e}.quiet{fill:#9da7b3}}`

/**
 * Processing time of a micro-batch by shuffle partitions, a curve for each kind of executors, as SVG. Both axes are
 * logarithmic. What was measured without Arrow is told in words.
 */
export function tunablesSvg(record: TunablesRecord): string {
  const curves = curvesOf(record.points)
  const points = curves.flatMap((curve) => curve.points)
  const x = scale(
    points.map((point) => point.shufflePartitions),
    PLOT.left + 24,
    PLOT.right - 24,
  )
  const y = scale(ticksAround(points.map(secondsOf)), PLOT.bottom, PLOT.top)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE.width}" height="${SIZE.height}" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img">`,
    `<title>Processing time of a micro-batch by shuffle partitions and executors</title>`,
    `<style>${STYLE}</style>`,
    `<rect class="ground" width="${SIZE.width}" height="${SIZE.height}"/>`,
    text(PLOT.left, 28, `Processing time of a micro-batch of ${record.batchRows} rows`, 'title'),
    ...legend(curves),
    ...axes(points, x, y),
    ...curves.flatMap((curve) => drawn(curve, x, y)),
    ...caption(record).map((line, i) => text(PLOT.left, PLOT.bottom + 60 + 17 * i, line, 'quiet')),
    '</svg>',
    '',
  ].join('\n')
}

interface Curve {
  name: string
  colour: string
  points: TunablesPoint[]
}

type Scale = (value: number) => number

function curvesOf(points: readonly TunablesPoint[]): Curve[] {
  const named = new Map<string, TunablesPoint[]>()
  for (const point of points.filter(({ arrow }) => arrow)) {
    const name = nameOf(point)
    named.set(name, [...(named.get(name) ?? []), point])
  }
  return [...named].map(([name, own], i) => ({
    name,
    colour: COLOURS[i % COLOURS.length],
    points: own.sort((a, b) => a.shufflePartitions - b.shufflePartitions),
  }))
}

function nameOf({ executors, cores }: TunablesPoint): string {
  return `${executors} executor${executors === 1 ? '' : 's'} × ${cores} core${cores === 1 ? '' : 's'}`
}

function secondsOf({ medianMs }: TunablesPoint): number {
  return medianMs / 1000
}

/** 1, 2 and 5 times powers of ten, from the last that is not above to the first that is not below all values. */
function ticksAround(values: readonly number[]): number[] {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  const steps = Array.from({ length: 9 }, (_, i) => 10 ** (i - 3)).flatMap((power) => [1, 2, 5].map((n) => n * power))
  const first = steps.findLastIndex((step) => step <= low)
  const last = steps.findIndex((step) => step >= high)
  return steps.slice(first, Math.max(last, first + 1) + 1).map((step) => Number(step.toPrecision(1)))
}

function scale(values: readonly number[], from: number, to: number): Scale {
  const [low, high] = [Math.min(...values), Math.max(...values)].map(Math.log)
  const span = high - low || 1
  return (value) => Math.round((from + ((to - from) * (Math.log(value) - low)) / span) * 10) / 10
}

function axes(points: readonly TunablesPoint[], x: Scale, y: Scale): string[] {
  const { left, right, top, bottom } = PLOT
  const partitions = [...new Set(points.map((point) => point.shufflePartitions))].sort((a, b) => a - b)
  return [
    ...ticksAround(points.map(secondsOf)).flatMap((seconds) => [
      line('grid', left, y(seconds), right, y(seconds)),
      text(left - 10, y(seconds) + 4, String(seconds), 'quiet', 'end'),
    ]),
    ...partitions.flatMap((count) => [
      line('axis', x(count), bottom, x(count), bottom + 5),
      text(x(count), bottom + 21, String(count), 'quiet', 'middle'),
    ]),
    line('axis', left, bottom, right, bottom),
    text((left + right) / 2, bottom + 40, 'spark.sql.shuffle.partitions', '', 'middle'),
    `<text transform="translate(24 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">processing time, s</text>`,
  ]
}

function legend(curves: readonly Curve[]): string[] {
  return curves.flatMap(({ name, colour }, i) => {
    const [left, top] = [PLOT.left + 330 * (i % 2), 50 + 19 * Math.floor(i / 2)]
    return [
      `<path d="M${left} ${top}h26" stroke="${colour}" stroke-width="2"/>`,
      mark(i, left + 13, top, colour),
      text(left + 34, top + 4, name),
    ]
  })
}

function drawn({ colour, points }: Curve, x: Scale, y: Scale): string[] {
  const places = points.map((point) => [x(point.shufflePartitions), y(secondsOf(point))])
  return [
    `<path d="M${places.map((place) => place.join(' ')).join('L')}" fill="none" stroke="${colour}" stroke-width="2"/>`,
    ...places.map(([left, top]) => mark(COLOURS.indexOf(colour), left, top, colour)),
  ]
}

/** Of another shape for each curve, for those who see colours alike. */
function mark(shape: number, x: number, y: number, colour: string): string {
  const shapes = [
    `M${x - MARK} ${y}a${MARK} ${MARK} 0 1 0 ${2 * MARK} 0a${MARK} ${MARK} 0 1 0 ${-2 * MARK} 0z`,
    `M${x - MARK} ${y - MARK}h${2 * MARK}v${2 * MARK}h${-2 * MARK}z`,
    `M${x} ${y - MARK - 1}l${MARK + 1} ${2 * MARK}h${-2 * MARK - 2}z`,
    `M${x} ${y - MARK - 2}l${MARK + 2} ${MARK + 2}l${-MARK - 2} ${MARK + 2}l${-MARK - 2} ${-MARK - 2}z`,
  ]
  return `<path d="${shapes[shape % shapes.length]}" fill="${colour}"/>`
}

function caption({ date, machineCores, spark, points }: TunablesRecord): string[] {
  const warm = Math.min(...points.map(({ batches }) => batches))
  return [
    `Medians of ${warm} warm micro-batches, ${date}, Spark ${spark}, a standalone cluster. Both axes are logarithmic.`,
    `All runs on one machine of ${machineCores} cores, driver and broker too: more cores of executors can gain nothing here.`,
    ...points.filter(({ arrow }) => !arrow).map((without) => arrowInWords(without, points)),
  ]
}

function arrowInWords(without: TunablesPoint, points: readonly TunablesPoint[]): string {
  const isSame = (point: TunablesPoint) =>
    point.arrow && nameOf(point) === nameOf(without) && point.shufflePartitions === without.shufflePartitions
  const withArrow = points.find(isSame)
  const times = `${secondsOf(without).toFixed(2)} s without Arrow${withArrow ? `, ${secondsOf(withArrow).toFixed(2)} s with it` : ''}`
  return `${nameOf(without)}, ${without.shufflePartitions} partitions: ${times}; nothing of it is Python.`
}

function text(x: number, y: number, words: string, look = '', anchor = 'start'): string {
  const of = `${look ? ` class="${look}"` : ''}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`
  return `<text x="${x}" y="${y}"${of}>${words}</text>`
}

function line(look: string, x1: number, y1: number, x2: number, y2: number): string {
  return `<line class="${look}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`
}
