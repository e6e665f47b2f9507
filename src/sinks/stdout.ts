import { InOrder } from './in-order.js'
import type { Sink, SinkSpec } from './sink.js'
import { writeError } from './write-error.js'

export const spec: SinkSpec = {
  scheme: 'stdout',
  usage: 'stdout:',
  summary: 'standard output, one line of JSON a result (NDJSON)',
  options: {},
  async open(uri, { stdout }) {
    return stdoutSink(uri.text, stdout)
  },
}

/** Codes of a reader that has gone, as `head` does. */
const READER_GONE = ['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']

function stdoutSink(name: string, stdout: NodeJS.WritableStream): Sink {
  const order = new InOrder()
  let readerGone = false

  /** Resolves when the line has been taken, so that a slow reader holds up whoever writes. */
  async function writeLine(line: string): Promise<void> {
    if (readerGone) return
    const error = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => stdout.write(line, resolve))
    readerGone = READER_GONE.includes(error?.code ?? '')
    if (error && !readerGone) throw writeError('stdout', error)
  }
  // the callback of `write` tells; without a listener the same error would end the process
  const ignore = () => {}
  stdout.on('error', ignore)
  const finish = async () => {
    await order.settled()
    stdout.off('error', ignore)
  }
  return {
    name,
    durable: 'write',
    write: (result) => order.run(() => writeLine(`${JSON.stringify(result)}\n`)),
    close: finish,
    abort: finish,
  }
}
