/** Tells the user what is waited for: of all that wait for the same reason, once. */
export class Notices {
  /** who waits */
  private readonly waiting = new Set<object>()
  private saidReason = ''

  /** @param say is given a sentence */
  constructor(private readonly say: (text: string) => void) {}

  /** @param what to be done, as it follows "to" */
  wait(who: object, what: string, reason: string): void {
    this.waiting.add(who)
    if (reason === this.saidReason) return
    this.say(`waiting for Kafka, to ${what}: ${reason}`)
    this.saidReason = reason
  }

  /** It works again. */
  over(who: object): void {
    if (this.waiting.has(who) && this.saidReason) this.say('Kafka answers again')
    this.end(who)
  }

  /** It is not waited for any longer. Where one of several works again, the others will. */
  end(who: object): void {
    if (!this.waiting.delete(who)) return
    this.saidReason = ''
  }
}
