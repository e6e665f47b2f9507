/** Several threads say the same at the same time: it is shown once in so long, ms. */
const REPEATED_MS = 5000

/** Shows sentences that the user should know beside what a command gives, wherever there is room for them. */
export class Notices {
  private readonly shownAt = new Map<string, number>()

  /** @param show may be changed while a command draws */
  constructor(public show: (text: string) => void) {}

  tell(text: string): void {
    const now = performance.now()
    for (const [known, at] of this.shownAt) if (now - at > REPEATED_MS) this.shownAt.delete(known)
    if (this.shownAt.has(text)) return
    this.shownAt.set(text, now)
    this.show(text)
  }
}
