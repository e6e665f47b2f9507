import { readParts } from '../sources/read-parts.js'
import { waitForRows } from './due-rows.js'
import type { ReplayOptions } from './replay-options.js'
import { type ReplayProgress, startOf } from './replay-progress.js'
import { Sender } from './sender.js'

/**
 * Sends the rows of a source to a topic at their pace, every row of an orbit to one partition, and marks the end of
 * each partition when the source ends or the limit is reached. Stops, at a row that the progress names, when the
 * signal aborts. Where an earlier replay was done and there is nothing new behind it, nothing is sent.
 */
export async function replay(options: ReplayOptions): Promise<ReplayProgress> {
  const sender = new Sender(options)
  if (!options.from) await sender.begin()
  for (;;) {
    const before = sender.progress
    const outcome = await sendOnce(options, sender).finally(() => sender.flush())
    const { progress } = sender
    if (outcome === 'stopped') return progress
    const loops = progress.loops + (outcome === 'ended' ? 1 : 0)
    const isEmpty = isAtStart(before) && progress.rows === before.rows
    if (outcome === 'ended' && options.loop && !isEmpty) {
      await sender.sendEndMarks({ loops, position: startOf(options.parts).position, done: false })
      continue
    }
    if (progress !== before || !before.done) await sender.sendEndMarks({ loops, done: true })
    return sender.progress
  }
}

/** To the source's end, the limit, or the signal. */
async function sendOnce(options: ReplayOptions, sender: Sender): Promise<'ended' | 'limit' | 'stopped'> {
  const { pacer, limit, signal, parts } = options
  if (sender.progress.rows >= limit) return 'limit'
  for await (const block of readParts(parts, sender.progress.position, signal)) {
    if (signal.aborted) return 'stopped'
    const { rows } = block
    pacer.begin(rows)
    const end = Math.min(rows.length, limit - sender.progress.rows)
    if (block.endsRun)
      await sender.sendEndMarks({ position: { part: block.partIndex, id: block.part.id, at: block.next } })
    // a block of nothing but malformed records has no pace
    else if (end === 0) await sender.send(block, 0, 0)
    for (let row = 0; row < end; ) {
      const count = await waitForRows(options, row, end)
      if (signal.aborted) return 'stopped'
      await sender.send(block, row, row + count)
      row += count
    }
    if (sender.progress.rows >= limit) return 'limit'
  }
  return signal.aborted ? 'stopped' : 'ended'
}

function isAtStart({ position }: ReplayProgress): boolean {
  return position.part === 0 && position.at === 0
}
