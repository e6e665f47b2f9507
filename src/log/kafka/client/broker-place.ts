import type { GuardedSocket } from './guarded-socket.js'

/** A broker that was silent is left alone for so long. */
const REST_MS = 1000

/**
 * Where a broker is, and whether it answers. What one connection finds out holds for all: once it is silent they end, and new
 * ones are refused at once, but for one at a time that tries.
 */
export class BrokerPlace {
  private readonly sockets = new Set<GuardedSocket>()
  private isSilent = false
  private refusedUntil = 0

  /**
   * @param name `host:port`
   * @param tryMs how long one who tries may take
   * @param now ms of a clock that only goes forward
   */
  constructor(
    readonly name: string,
    private readonly tryMs: number,
    private readonly now: () => number,
  ) {}

  /** Whether somebody may connect now. */
  admits(): boolean {
    const now = this.now()
    if (now < this.refusedUntil) return false
    if (this.isSilent) this.refusedUntil = now + this.tryMs
    return true
  }

  join(socket: GuardedSocket): void {
    this.sockets.add(socket)
  }

  leave(socket: GuardedSocket): void {
    this.sockets.delete(socket)
  }

  /** Something came from there. */
  heard(): void {
    this.isSilent = false
    this.refusedUntil = 0
  }

  /** Nothing has come on a connection since then, though it was due: ends all on which nothing has come since. */
  silent(since: number, error: Error): void {
    this.isSilent = true
    this.refusedUntil = this.now() + REST_MS
    for (const socket of [...this.sockets]) if (socket.heardAt <= since) socket.end(error)
  }
}
