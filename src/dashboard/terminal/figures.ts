import { formatCount, formatRate, formatTime, plural } from '../../cli/numbers.js'
import type { RunFile } from '../../core/run-file/run-file.js'
import { CELLS, LAYERS } from '../../core/run-file/run-file.js'
import type { EdgeFit } from '../../health/health-view.js'
import { noisyCells } from '../noisy-cells.js'
import type { ChamberView, DashboardView, DriftView } from '../view.js'
import { measured } from './edge-table.js'
import { framed } from './frame.js'
import { MOST_SHOWN, type Rect } from './layout.js'
import { fitted, type Ink, type Line, type Span, span, widthOf } from './text.js'

/** One figure: its name and its value as text, and both in brief for where there is little room. */
interface Figure {
  name: string
  briefName?: string
  value: string
  brief?: string
  ink?: Ink
}

/** Below this width there is no margin at the right. */
const NARROW = 24

/** The figures of a view, one a line, and below them those of each chamber where there is room. */
export function figuresPanel({ width, height }: Pick<Rect, 'width' | 'height'>, view: DashboardView): Line[] {
  const inner = width - (width < NARROW ? 3 : 4)
  const list = figuresOf(view).map((figure) => [span(' '), ...row(figure, inner)])
  const table = chamberTable(view, inner).map((line) => [span(' '), ...line])
  const body = list.length + table.length + 1 <= height - 2 ? [...list, [], ...table] : list
  return framed(width, height, { title: 'figures', body })
}

/** The main figures in two lines of a small screen. */
export function figuresStrip(width: number, view: DashboardView): Line[] {
  const by = new Map(figuresOf(view).map((figure) => [figure.name, figure]))
  const first = ['rows', 'row rate', 'hits', 'scintillator', 'results']
  const second = ['late', 'malformed', 'lag', 'newest result', 'gaps', 'repeated']
  return [first, second].map((names) =>
    flow(
      names.map((name) => by.get(name)).filter((figure) => figure !== undefined),
      width,
    ),
  )
}

/** The figures of one chamber. */
export function chamberFigures(
  { width, height }: Pick<Rect, 'width' | 'height'>,
  { chamber, view, edges, run }: { chamber: number; view: ChamberView; edges: EdgeFit | undefined; run: RunFile },
): Line[] {
  const { fpga, first_channel, view: coordinate, z_mm, offset_ns } = run.chambers[chamber]
  const { drift, cells } = view
  const figures: Figure[] = [
    count('hits', view.hits),
    { name: 'hit rate', value: rate(view.rate) },
    count('drift times', drift.entries),
    outside(drift),
    { name: 'peak', value: drift.peakNs === undefined ? '-' : `${Math.round(drift.peakNs)} ns` },
    { name: 't0', value: edges ? `${measured(edges.t0Ns, edges.t0ErrorNs)} ns` : '-' },
    velocity(edges),
    count('cells without a hit', cells.filter((hits) => hits === 0).length),
    ...noisiest(cells, run),
    { name: 'FPGA, channels', value: `${fpga}, ${first_channel}-${first_channel + CELLS - 1}` },
    { name: 'view, height', briefName: 'view', value: `${coordinate}, ${z_mm} mm` },
    { name: 'time offset', value: `${Number(offset_ns.toFixed(2))} ns` },
  ]
  const body = figures.map((figure) => [span(' '), ...row(figure, width - 4)])
  return framed(width, height, { title: `chamber ${chamber}`, ink: chamber, body })
}

/** Drift times that lie in no bin. */
function outside({ underflow, overflow }: DriftView): Figure {
  const [below, above] = [underflow, overflow].map(formatCount)
  return { name: 'out of range', value: `${below} below, ${above} above`, brief: `${below}, ${above}` }
}

function velocity(edges: EdgeFit | undefined): Figure {
  const names = { name: 'drift velocity', briefName: 'velocity' }
  if (edges === undefined) return { ...names, value: '-' }
  const value = measured(edges.velocity, edges.velocityError)
  return { ...names, value: `${value} um/ns`, brief: value }
}

function figuresOf({ rows, rowRate, lagMessages, ageMs, results, repeated, gaps }: DashboardView): Figure[] {
  return [
    count('rows', rows.read),
    { name: 'row rate', value: rate(rowRate) },
    count('hits', rows.hits),
    count('scintillator', rows.scintillator),
    count('ancillary', rows.ancillary),
    count('unmapped', rows.unmapped),
    count('malformed', rows.malformed, 'warning'),
    count('late', rows.late, 'warning'),
    lag(lagMessages),
    age(ageMs),
    count('results', results),
    ...(repeated > 0 ? [count('repeated', repeated, 'warning')] : []),
    ...(gaps > 0 ? [count('gaps', gaps, 'alarm')] : []),
  ]
}

/** `< 1 s ago`: a second is as fine as anybody can read it. */
function age(ms: number | undefined): Figure {
  const names = { name: 'newest result', briefName: 'newest' }
  if (ms === undefined) return { ...names, value: '-' }
  const time = ms < 1000 ? '< 1 s' : formatTime(Math.floor(ms / 1000) * 1000)
  return { ...names, value: `${time} ago`, brief: time }
}

function lag(messages: number | undefined): Figure {
  if (messages === undefined) return { name: 'lag', value: '-' }
  return { name: 'lag', value: plural(messages, 'message'), brief: formatCount(messages) }
}

/** A count to the last digit, or in short; above 0 in the ink given. */
function count(name: string, value: number, ink?: Ink): Figure {
  const figure = { name, value: grouped(value), brief: formatCount(value) }
  return ink !== undefined && value > 0 ? { ...figure, ink } : figure
}

function rate(perSecond: number | undefined): string {
  return perSecond === undefined ? '-' : formatRate(perSecond)
}

/** `1 234 567` */
function grouped(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ' ')
}

/** Name at the left, value at the right, as much of both as fits. */
function row({ name, value, briefName = name, brief = value, ink = 'strong' }: Figure, width: number): Line {
  const forms = [
    [name, value],
    [name, brief],
    [briefName, value],
    [briefName, brief],
  ]
  const [left, right] = forms.find(([a, b]) => a.length + 1 + b.length <= width) ?? forms[3]
  return fitted([span(left.padEnd(Math.max(left.length + 1, width - right.length))), span(right, ink)], width)
}

function noisiest(cells: readonly number[], run: RunFile): Figure[] {
  const noisy = noisyCells(cells, run.layers)
  const most = cells.reduce((best, hits, cell) => (noisy[cell] && hits > (cells[best] ?? 0) ? cell : best), -1)
  if (most < 0) return [{ name: 'noisy cells', value: '0' }]
  const layer = run.layers.findIndex(({ channel_mod_4 }) => channel_mod_4 === most % LAYERS) + 1
  return [
    count('noisy cells', noisy.filter(Boolean).length, 'alarm'),
    { name: 'noisiest', value: `layer ${layer} wire ${Math.floor(most / LAYERS)}`, ink: 'alarm' },
  ]
}

const COLUMNS = ['hits', 'hits/s', 'peak']
const LEAST_COLUMN = 8

function chamberTable({ chambers }: DashboardView, width: number): Line[] {
  const names = 'chamber'.length
  const columns = Math.min(COLUMNS.length, Math.floor((width - names) / LEAST_COLUMN))
  const spread = (texts: readonly string[]) =>
    texts
      .slice(0, columns)
      .map((text) => text.padStart(Math.floor((width - names) / columns)))
      .join('')
      .padStart(width - names)
  const rows = chambers.slice(0, MOST_SHOWN).map(({ hits, rate: perSecond, drift: { peakNs } }, chamber) => {
    const values = [
      formatCount(hits),
      perSecond === undefined ? '-' : formatCount(perSecond),
      peakNs === undefined ? '-' : `${Math.round(peakNs)} ns`,
    ]
    return [span(String(chamber).padEnd(names), chamber), span(spread(values))]
  })
  return [[span(`chamber${spread(COLUMNS)}`, 'faint')], ...rows]
}

/** Figures beside each other: in full, else in brief, and then as many as fit. */
function flow(figures: readonly Figure[], width: number): Line {
  const pieces = (brief: boolean) =>
    figures.map((figure, i) => [
      span(i > 0 ? '   ' : ' '),
      span(`${figure.name} `),
      span((brief ? figure.brief : undefined) ?? figure.value, figure.ink ?? 'strong'),
    ])
  const full = pieces(false).flat()
  if (widthOf(full) <= width) return fitted(full, width)
  const line: Span[] = []
  for (const piece of pieces(true)) {
    if (widthOf([...line, ...piece]) > width) break
    line.push(...piece)
  }
  return fitted(line, width)
}
