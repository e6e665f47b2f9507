/**
 * The rounds in which a lane of several partitions was folded, by number: the offsets that each partition went on by, negative
 * where its rows were taken for late.
 */
export class RoundLog {
  private rounds: number[][] = []
  private first = 0

  /** @param positions next offset of each partition, as of round 0 */
  constructor(private readonly positions: number[]) {}

  /** The number of the next round. */
  get next(): number {
    return this.first + this.rounds.length
  }

  add(steps: number[]): void {
    this.rounds.push(steps)
    for (const [i, step] of steps.entries()) this.positions[i] += Math.abs(step)
  }

  /** The steps of one partition from a round on. */
  since(round: number, part: number): number[] {
    return this.rounds.slice(round - this.first).map((steps) => steps[part])
  }

  /** Where a partition stood before a round. */
  offsetAt(round: number, part: number): number {
    return this.since(round, part).reduce((offset, step) => offset - Math.abs(step), this.positions[part])
  }

  /** Steps of any partition from a round on. */
  stepsSince(round: number): number {
    let count = 0
    for (let i = Math.max(0, round - this.first); i < this.rounds.length; i++)
      for (const step of this.rounds[i]) if (step !== 0) count++
    return count
  }

  /** Nobody will ask for a round before this one. */
  forgetBefore(round: number): void {
    if (round <= this.first) return
    this.rounds.splice(0, round - this.first)
    this.first = round
  }
}
