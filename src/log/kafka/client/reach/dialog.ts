import net, { type Socket } from 'node:net'
import tls, { type ConnectionOptions } from 'node:tls'

export interface Address {
  host: string
  port: number
}

/** Of a conversation that came to nothing: nobody took the connection, nobody answered, it was closed, what came is no answer. */
export const NO_CONNECTION = 'NO_CONNECTION'
export const NO_ANSWER = 'NO_ANSWER'
export const CLOSED = 'CLOSED'
export const FOREIGN = 'FOREIGN'

export class DialogError extends Error {
  constructor(
    /** Node's, or one of the above */
    readonly code: string,
    message: string = code,
    /** what came instead of an answer */
    readonly bytes: Buffer = Buffer.alloc(0),
  ) {
    super(message)
  }
}

const LENGTH_BYTES = 4
const CORRELATION_BYTES = 4
const CORRELATION_ID = 1
const NO_CLIENT_ID = -1
/** No broker's first answers are longer. */
const LONGEST_ANSWER_BYTES = 1024 * 1024

/** Questions and answers, one at a time, on a connection of their own. */
export class Dialog {
  private received = Buffer.alloc(0)
  private failure: DialogError | undefined
  private onChange = () => {}

  /**
   * @param ssl undefined for a connection without TLS
   * @param patienceMs for the connection, and for each answer
   * @throws DialogError
   */
  static async open(address: Address, ssl: ConnectionOptions | undefined, patienceMs: number): Promise<Dialog> {
    const name = net.isIP(address.host) ? {} : { servername: address.host }
    const socket = ssl ? tls.connect({ ...address, ...name, ...ssl }) : net.connect(address)
    const dialog = new Dialog(socket, patienceMs)
    let isOpen = false
    socket.once(ssl ? 'secureConnect' : 'connect', () => {
      isOpen = true
      dialog.onChange()
    })
    await dialog.until(() => isOpen, NO_CONNECTION)
    return dialog
  }

  private constructor(
    private readonly socket: Socket,
    private readonly patienceMs: number,
  ) {
    socket.on('data', (data: Buffer) => {
      this.received = Buffer.concat([this.received, data])
      this.onChange()
    })
    socket.on('error', ({ code = CLOSED, message }: NodeJS.ErrnoException) => this.fail(new DialogError(code, message)))
    socket.on('close', () => this.fail(new DialogError(CLOSED)))
  }

  /**
   * One request of Kafka's protocol, whose header is of version 1.
   * @returns the body of the answer
   * @throws DialogError
   */
  async ask(apiKey: number, version: number, body: Buffer = Buffer.alloc(0)): Promise<Buffer> {
    const header = Buffer.alloc(14)
    header.writeInt32BE(header.length - LENGTH_BYTES + body.length)
    header.writeInt16BE(apiKey, 4)
    header.writeInt16BE(version, 6)
    header.writeInt32BE(CORRELATION_ID, 8)
    header.writeInt16BE(NO_CLIENT_ID, 12)
    this.received = Buffer.alloc(0)
    this.socket.write(Buffer.concat([header, body]))
    await this.until(() => this.isAnswered(), NO_ANSWER)
    return this.received.subarray(LENGTH_BYTES + CORRELATION_BYTES)
  }

  /** Whatever comes as an answer to whatever was said. @throws DialogError */
  async say(text: string): Promise<Buffer> {
    this.received = Buffer.alloc(0)
    this.socket.write(text)
    await this.until(() => this.received.length > 0, NO_ANSWER)
    return this.received
  }

  close(): void {
    this.socket.destroy()
  }

  private isAnswered(): boolean {
    const { received } = this
    if (received.length < LENGTH_BYTES) return false
    const length = received.readInt32BE()
    if (length < CORRELATION_BYTES || length > LONGEST_ANSWER_BYTES)
      this.fail(new DialogError(FOREIGN, 'this is no answer', received))
    return received.length >= LENGTH_BYTES + length
  }

  private fail(error: DialogError): void {
    this.failure ??= error
    this.socket.destroy()
    this.onChange()
  }

  private until(isDone: () => boolean, codeWhenTooLong: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(new DialogError(codeWhenTooLong)), this.patienceMs)
      const look = () => {
        const done = !this.failure && isDone()
        if (!done && !this.failure) return
        clearTimeout(timer)
        this.onChange = () => {}
        if (done) resolve()
        else reject(this.failure)
      }
      this.onChange = look
      look()
    })
  }
}
