import type { PageRun } from '../messages.js'
import { Monitor } from './monitor.js'
import { Player } from './panels/player.js'
import { RecordedRun } from './recorded.js'
import { ViewStream } from './stream.js'

const RETRY_MS = 2000

/** What is watched; a server that does not answer yet is asked again. */
async function fetchRun(): Promise<PageRun> {
  for (;;) {
    try {
      const response = await fetch('/run')
      if (response.ok) return (await response.json()) as PageRun
    } catch {
      // it is not there
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

function follow(monitor: Monitor): void {
  const stream = new ViewStream(monitor.settings.window, {
    onView: (view) => monitor.onView(view),
    onMessage: (text) => monitor.onMessage(text),
    onConnected: (connected) => monitor.onConnected(connected),
  })
  monitor.feedFrom(stream)
}

function replay(monitor: Monitor, span: NonNullable<PageRun['recorded']>): void {
  const player = new Player(span, {
    moveTo: (atMs) => recorded.moveTo(atMs),
    play: (speed) => recorded.play(speed),
    pause: () => recorded.pause(),
  })
  const recorded = new RecordedRun(span, monitor.settings.window, {
    onView: (view) => monitor.onView(view),
    onFailure: (text) => monitor.onMessage(text),
    onMoved(atMs, playing) {
      player.show(atMs, playing)
      monitor.choose({ at: atMs === span.endMs ? undefined : atMs })
    },
  })
  monitor.feedFrom(recorded)
  recorded.moveTo(monitor.settings.at ?? span.endMs)
}

const page = await fetchRun()
const monitor = new Monitor(page)
if (page.recorded) replay(monitor, page.recorded)
else follow(monitor)
