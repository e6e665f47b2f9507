import { PNG } from 'pngjs'
import { expect, it } from 'vitest'
import { DEFAULT_RUN } from '../../../src/core/run-file/run-file.js'
import { DashboardModel } from '../../../src/dashboard/model.js'
import { FIRST_CHOICE } from '../../../src/dashboard/terminal/keys.js'
import { type Picture, pictureText } from '../../../src/dashboard/terminal/picture.js'
import { svgToPng } from '../../../src/dashboard/terminal/picture-png.js'
import { pictureSvg, rgbOf } from '../../../src/dashboard/terminal/picture-svg.js'
import { drawStill } from '../../../src/dashboard/terminal/still.js'
import { evenCells, result, T0, timeBox } from '../made-up.js'
import { unwell } from './made-up-health.js'

const drift = [1, 2, 3, 4].map((count) => timeBox(count))

function still(page: (typeof FIRST_CHOICE)['page'] = 'overview', foot?: string): Promise<Picture> {
  const model = new DashboardModel(DEFAULT_RUN)
  model.add(result({ cells: [1, 2, 3, 4].map((count) => evenCells(count)), drift }), T0)
  const view = { ...model.view(T0, { window: 'cumulative' }), health: unwell(3) }
  const choice = { ...FIRST_CHOICE, page }
  return drawStill({
    title: 'a & <b>',
    run: DEFAULT_RUN,
    view,
    columns: 130,
    rows: 40,
    choice,
    ...(foot ? { foot } : {}),
  })
}

it('a page is drawn without a terminal, colours and all', async () => {
  const picture = await still()
  expect(picture.map((row) => row.length)).toEqual(new Array(40).fill(130))
  const text = pictureText(picture)
  expect(text).toMatch(/^ dtstream {2}a & <b> +▲ 3 alarms {2}● live {2}cumulative\n/)
  expect(text.split('\n')[39]).toMatch(/^ o overview {2}1-4 chamber/)
  expect(picture[0].find(({ char }) => char === '▲')?.colour).toBe(196)
  expect(
    picture[39]
      .filter(({ inverse }) => inverse)
      .map(({ char }) => char)
      .join(''),
  ).toBe('o overview')
  expect(
    picture[0]
      .filter(({ bold }) => bold)
      .map(({ char }) => char)
      .join(''),
  ).toContain('dtstream')
  expect(pictureText(await still('health'))).toContain('┌─ alarms ─')
  expect(pictureText(await still('overview', 'noon'))).toMatch(/\n noon\n$/)
})

it('its SVG has every character at its place, and nothing that would break it', async () => {
  const picture = await still()
  const svg = pictureSvg(picture, 'x < y')
  expect(svg).toContain('<title>x &lt; y</title>')
  const rows: string[] = picture.map((row) => ' '.repeat(row.length))
  for (const [, x, y, length, text] of svg.matchAll(/<text x="(\d+)" y="(\d+)" textLength="(\d+)"[^>]*>([^<]*)</g)) {
    const plain = text.replaceAll('&lt;', '<').replaceAll('&amp;', '&').replaceAll('\u00a0', ' ')
    expect(plain.length * 8).toBe(Number(length))
    const [row, column] = [(Number(y) - 12 - 8) / 16, (Number(x) - 8) / 8]
    rows[row] = rows[row].slice(0, column) + plain + rows[row].slice(column + plain.length)
  }
  expect(rows.map((row) => `${row.trimEnd()}\n`).join('')).toBe(pictureText(picture))
})

it('its PNG has the size of the screen, twice, and the colours of chambers, alarms and ground', async () => {
  const png = PNG.sync.read(Buffer.from(await svgToPng(pictureSvg(await still(), 'x'))))
  expect([png.width, png.height]).toEqual([2 * (130 + 2) * 8, 2 * (40 + 1) * 16])
  const pixels = new Map<string, number>()
  for (let at = 0; at < png.data.length; at += 4) {
    const colour = `#${png.data.toString('hex', at, at + 3)}`
    pixels.set(colour, (pixels.get(colour) ?? 0) + 1)
  }
  for (const colour of ['#16181d', '#d8dee9', ...[75, 179, 29, 164, 196].map(rgbOf)])
    expect(pixels.get(colour) ?? 0, colour).toBeGreaterThan(100)
})

it('its PNG has braille, blocks and lines, not boxes for what a font has not', async () => {
  const chars = ['\ue123', ...'⠁⣿⡇░▒▓█│─┌┐└┘┤┴·●○■▲✓…←→↑↓±σχ²≥#x']
  // a colour of its own for each, so that each is drawn by itself
  const row = chars.map((char, i) => ({ char, colour: 16 + i, bold: false, inverse: true }))
  const png = PNG.sync.read(Buffer.from(await svgToPng(pictureSvg([row], 'x'))))
  const shapes = chars.map((_, i) => {
    const ground = Number.parseInt(rgbOf(16 + i).slice(1), 16)
    const pixels = Array.from(
      { length: 16 * 32 },
      (_, p) => 4 * ((16 + (p >> 4)) * png.width + 16 * (i + 1) + (p & 15)),
    )
    return pixels.map((at) => (png.data.readUIntBE(at, 3) === ground ? ' ' : '#')).join('')
  })
  shapes.slice(1).forEach((shape, i) => {
    expect(shape, chars[i + 1]).not.toBe(shapes[0])
    expect(shape, chars[i + 1]).toContain('#')
  })
  expect(new Set(shapes).size).toBe(chars.length)
})

it('colours of the cube and greys are those of every terminal', () => {
  expect([16, 21, 46, 75, 196, 231, 232, 244, 255].map(rgbOf)).toEqual([
    '#000000',
    '#0000ff',
    '#00ff00',
    '#5fafff',
    '#ff0000',
    '#ffffff',
    '#080808',
    '#808080',
    '#eeeeee',
  ])
  expect(() => rgbOf(8)).toThrow(RangeError)
  expect(() => rgbOf(256)).toThrow(RangeError)
})
