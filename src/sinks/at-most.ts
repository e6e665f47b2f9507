/** Runs steps at once, up to so many; the others wait for their turn. A step that fails is told to its caller alone. */
export class AtMost {
  private running = 0
  private readonly waiting: (() => void)[] = []
  private readonly idle: (() => void)[] = []

  constructor(private readonly most: number) {}

  async run<T>(step: () => Promise<T>): Promise<T> {
    if (this.running === this.most) await new Promise<void>((resolve) => this.waiting.push(resolve))
    else this.running++
    try {
      return await step()
    } finally {
      const next = this.waiting.shift()
      // whoever waits takes this one's place
      if (next) next()
      else if (--this.running === 0) for (const resolve of this.idle.splice(0)) resolve()
    }
  }

  /** Resolves when nothing is running any more. */
  settled(): Promise<void> {
    return this.running === 0 ? Promise.resolve() : new Promise((resolve) => this.idle.push(resolve))
  }
}
