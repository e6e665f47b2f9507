import { printable } from '../dashboard/terminal/text.js'
import { EXIT, ExpectedError } from '../errors.js'
import { WholeFile } from '../sinks/whole-file.js'
import { alarmLine } from './check-health.js'
import type { Snapshot } from './snapshot.js'

/** A snapshot as the content of a file. */
type Form = (snapshot: Snapshot) => Promise<string | Uint8Array>

/** What a snapshot can be written as, by the end of the file's name; of several that fit the longest counts. */
const FORMS: Record<string, Form> = {
  '.txt': asText,
  '.json': asJson,
  '.svg': asSvg,
  '.png': async (snapshot) => {
    const { svgToPng } = await import('../dashboard/terminal/picture-png.js')
    return svgToPng(await asSvg(snapshot))
  },
  '.root.json': async ({ sum, run }) => (await import('../core/interchange/root.js')).rootJson(sum, run),
  '.uhi.json': async ({ sum, run }) => (await import('../core/interchange/uhi.js')).uhiJson(sum, run),
}

/** Stands for standard output, which gets text. */
const STDOUT = '-'

const SIZE = { columns: 130, rows: 40 }

/** @throws ExpectedError where the name does not say what to write */
export function snapshotForm(file: string): Form {
  if (file === STDOUT) return asText
  const ends = Object.keys(FORMS).filter((end) => file.endsWith(end))
  const end = ends.sort((a, b) => b.length - a.length)[0]
  if (end === undefined)
    throw new ExpectedError(
      `${file}: its name does not say what a snapshot is to be written as`,
      [`end it in ${Object.keys(FORMS).join(' ')}`, `${STDOUT} is text on standard output`],
      EXIT.usage,
    )
  return FORMS[end]
}

/** To standard output, or in the place of what has been there under that name, whole or not at all. */
export async function writeSnapshot(file: string, content: string | Uint8Array): Promise<void> {
  if (file === STDOUT) {
    process.stdout.write(content)
    return
  }
  const whole = await WholeFile.create(file, { overwrite: true })
  await whole.append(content)
  await whole.publish()
}

/** The overview, and below it the alarms. */
async function asText(snapshot: Snapshot): Promise<string> {
  const { pictureText } = await import('../dashboard/terminal/picture.js')
  const alarms = snapshot.view.health.alarms.map((alarm) => `▲ ${printable(alarmLine(alarm))}\n`)
  return pictureText(await overview(snapshot)) + alarms.join('')
}

async function asJson({ title, view, sum }: Snapshot): Promise<string> {
  return `${JSON.stringify({ schema: 'dtstream.snapshot/1', title, view, sum })}\n`
}

async function asSvg(snapshot: Snapshot): Promise<string> {
  const { pictureSvg } = await import('../dashboard/terminal/picture-svg.js')
  return pictureSvg(await overview(snapshot), `dtstream watch: ${printable(snapshot.title)}`)
}

async function overview({ title, run, view }: Snapshot) {
  const { drawStill } = await import('../dashboard/terminal/still.js')
  return drawStill({ ...SIZE, title, run, view, foot: new Date(view.atMs).toISOString() })
}
