import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Exposition } from './server.js'

/** Where it is not known there is no sample. */
type Read = () => number | undefined
/** Values by the label's value. */
type ReadByLabel = () => Iterable<readonly [label: string, value: number]>

/**
 * The metrics of one command. Nothing is counted here: each is read from what the command counts anyway, when somebody
 * scrapes. Names and help are as Prometheus wants them.
 */
export class Metrics implements Exposition {
  readonly registry = new Registry()

  /** @param info labels of `dtstream_build_info`; memory, CPU and the event loop of the process come along */
  constructor(info: Readonly<Record<string, string>>) {
    const help = 'Always 1: which command of which version this is.'
    this.series(Gauge, 'dtstream_build_info', help, Object.keys(info), (gauge) => gauge.set(info, 1))
    collectDefaultMetrics({ register: this.registry })
  }

  get contentType(): string {
    return this.registry.contentType
  }

  text(): Promise<string> {
    return this.registry.metrics()
  }

  /** What only grows. */
  counter(name: string, help: string, read: () => number): void {
    this.series(Counter, name, help, [], (counter) => counter.inc(read()))
  }

  /** The same with a value for each of a label's values. */
  counterBy(label: string, name: string, help: string, read: ReadByLabel): void {
    this.series(Counter, name, help, [label], (counter) => {
      for (const [value, count] of read()) counter.inc({ [label]: value }, count)
    })
  }

  gauge(name: string, help: string, read: Read): void {
    this.series(Gauge, name, help, [], (gauge) => {
      const value = read()
      if (value === undefined) gauge.remove()
      else gauge.set(value)
    })
  }

  gaugeBy(label: string, name: string, help: string, read: ReadByLabel): void {
    this.series(Gauge, name, help, [label], (gauge) => {
      for (const [value, amount] of read()) gauge.set({ [label]: value }, amount)
    })
  }

  /** @returns takes note of one value */
  histogram(name: string, help: string, buckets: readonly number[]): (value: number) => void {
    const histogram = new Histogram({ name, help, buckets: [...buckets], registers: [this.registry] })
    return (value) => histogram.observe(value)
  }

  private series<T extends Counter | Gauge>(
    Kind: new (configuration: {
      name: string
      help: string
      labelNames: string[]
      registers: Registry[]
      collect(): void
    }) => T,
    name: string,
    help: string,
    labelNames: string[],
    fill: (series: T) => void,
  ): void {
    const series = new Kind({
      ...{ name, help, labelNames, registers: [this.registry] },
      collect() {
        series.reset()
        fill(series)
      },
    })
  }
}
