import { Writable } from 'node:stream'

/** A stream that takes chunk by chunk, as a pipe does, and can be made to wait. */
export class CollectedStream extends Writable {
  private readonly chunks: Buffer[] = []
  private held: Promise<void> | undefined

  constructor() {
    super({ highWaterMark: 1024 })
  }

  override _write(chunk: Buffer, _encoding: string, callback: (error?: Error | null) => void): void {
    Promise.resolve(this.held).then(() => {
      this.chunks.push(chunk)
      callback()
    }, callback)
  }

  /** Nothing is taken until the function given back is called. */
  hold(): () => void {
    let release = () => {}
    this.held = new Promise((resolve) => {
      release = resolve
    })
    return release
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString()
  }
}
