import type { Figure } from './bokeh.js'
import type { Ink } from './palette.js'
import type { LegendEntry } from './plots/plot.js'

const MARGIN = 12
const TITLE_HEIGHT = 44
const FONT = '13px system-ui, sans-serif'

export interface Picture {
  figure: Figure
  title: string
  /** what was counted, and when */
  subtitle: string
  legend: readonly LegendEntry[]
  ink: Ink
}

/** A plot as it stands, with its title and legend, as a PNG file; undefined while it is not drawn. */
export async function toPng({ figure, ...head }: Picture): Promise<Blob | undefined> {
  const view = Bokeh.index.get(figure)
  if (!view || !('export' in view)) return undefined
  const plot = view.export('png').canvas
  const scale = plot.width / view.bbox.width
  const canvas = document.createElement('canvas')
  canvas.width = plot.width + 2 * MARGIN * scale
  canvas.height = plot.height + (TITLE_HEIGHT + 2 * MARGIN) * scale
  const brush = canvas.getContext('2d')
  if (!brush) return undefined
  brush.fillStyle = head.ink.card
  brush.fillRect(0, 0, canvas.width, canvas.height)
  brush.drawImage(plot, MARGIN * scale, (TITLE_HEIGHT + MARGIN) * scale)
  brush.scale(scale, scale)
  writeHead(brush, head)
  return new Promise((resolve) => canvas.toBlob((blob) => resolve(blob ?? undefined), 'image/png'))
}

function writeHead(brush: CanvasRenderingContext2D, { title, subtitle, legend, ink }: Omit<Picture, 'figure'>): void {
  brush.textBaseline = 'top'
  brush.font = `600 ${FONT}`
  brush.fillStyle = ink.text
  brush.fillText(title, MARGIN, MARGIN)
  let x = MARGIN + brush.measureText(title).width + 2 * MARGIN
  brush.font = FONT
  for (const { label, colour = ink.text } of legend) {
    brush.fillStyle = colour
    brush.fillRect(x, MARGIN + 5, 14, 3)
    brush.fillStyle = ink.text
    brush.fillText(label, x + 18, MARGIN)
    x += 18 + brush.measureText(label).width + MARGIN
  }
  brush.fillStyle = ink.muted
  brush.fillText(subtitle, MARGIN, MARGIN + 20)
}

/** Has the browser save a file. */
export function save(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // the browser reads it after this turn
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}
