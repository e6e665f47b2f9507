import { setTimeout as sleep } from 'node:timers/promises'
import { openKafkaLog } from '../../../src/log/kafka/kafka-log.js'
import type { Lane, LaneLease, Log } from '../../../src/log/log.js'
import { laneState } from '../../log/messages.js'
import { seeded } from '../../support/built-cli.js'
import { resultOf } from '../../support/results.js'
import type { FaultOptions } from '../support/fault-report.js'
import { Ledger } from '../support/ledger.js'
import { LocalKafka } from '../support/local-kafka.js'
import { makeTopics } from '../support/make-topics.js'

const GROUP = 'dtstream'
/** Lanes that change hands at the same time, each with take-overs of its own. */
const LANES = 4
/** Commits by which is measured how long one takes. */
const MEASURED = 5
const MESSAGES_A_RESULT = 10

/** How far a lane has come, as who takes it over sees it. */
export interface Progress {
  nextOffset: number
  nextMessage: number
}

export const NOTHING: Progress = { nextOffset: 0, nextMessage: 0 }

/** Who has a lane open, and what it goes on from. */
export interface Holder {
  lane: Lane
  seen: Progress
}

export type TakeOver = (log: Log, lease: LaneLease) => Promise<Holder>

/** What is counted in a trial. */
export interface TakeOverCounts {
  'take-overs': number
  'commits before them': number
  'commits shut out': number
  'commits that count though who made them saw an error': number
  lost: number
  doubled: number
  'out of order': number
}

/**
 * Each lane is worked on by two clients in turn: one commits a result, and at a random moment around that the other takes the lane
 * over, to go on from what it then sees. If that were ever out of step with what readers see, the results would have a gap or an
 * overlap.
 */
export async function tryTakeOvers(
  { times, seed }: FaultOptions,
  takeOver: TakeOver,
): Promise<{ counts: TakeOverCounts; wrong: string[] }> {
  const kafka = await LocalKafka.start()
  const { bootstrap } = kafka
  const logs: Log[] = []
  let ledger: Ledger | undefined
  try {
    await makeTopics(bootstrap, LANES + 1)
    ledger = new Ledger(bootstrap)
    const settings = { brokers: bootstrap.split(','), clientId: 'test' }
    for (let i = 0; i < 2; i++) logs.push(await openKafkaLog(settings, { onNotice: () => undefined }))
    const random = seeded(seed)
    const lanes = Array.from({ length: LANES }, (_, partition) => new LaneInTurn(partition, logs, takeOver))
    await Promise.all(lanes.map((lane, i) => lane.work(Math.ceil((times - i) / LANES), random)))
    await untilAllIsSeen(logs[0], ledger)
    return summary(lanes, ledger)
  } finally {
    await Promise.all(logs.map((log) => log.close()))
    await ledger?.close()
    await kafka.stop()
  }
}

/** Until a result is seen that is sent when all others have been. */
async function untilAllIsSeen(log: Log, ledger: Ledger): Promise<void> {
  const lane = await log.openLane({ group: GROUP, topic: 'data_raw', partition: LANES, partitions: [LANES], epoch: 0 })
  if (!(await commitNext(lane, NOTHING))) throw new Error('nobody was there to shut it out')
  await ledger.untilCovered([...Array<number>(LANES).fill(0), MESSAGES_A_RESULT])
}

/** A lane that two clients open in turn. */
class LaneInTurn {
  opened = 0
  measured = 0
  last = 0
  acknowledged = 0
  shutOut = 0
  countedNevertheless = 0
  readonly wrong: string[] = []

  constructor(
    private readonly partition: number,
    private readonly logs: readonly Log[],
    private readonly takeOver: TakeOver,
  ) {}

  /** Results that readers must see. */
  get counted(): number {
    return this.measured + this.acknowledged + this.countedNevertheless + this.last
  }

  async work(times: number, random: () => number): Promise<void> {
    let holder = await this.open()
    const commitMs = await this.measure(holder)
    for (let i = 0; i < times; i++) {
      // to open a lane takes a while too: so it may begin before the commit does
      const aheadMs = (2 * random() - 1) * 2 * commitMs
      const { lane, seen } = holder
      const committed = sleep(Math.max(0, aheadMs)).then(() => commitNext(lane, seen))
      await sleep(Math.max(0, -aheadMs))
      const next = await this.open()
      this.note(await committed, next.lane.state?.nextMessage === following(holder.seen).nextMessage)
      holder = next
    }
    // the last one is left in peace: its result shows what it went on from
    if (await commitNext(holder.lane, holder.seen)) this.last++
  }

  /** How long the fastest commit takes, ms; the holder goes on behind those that were made for it. */
  private async measure(holder: Holder): Promise<number> {
    let shortest = Number.POSITIVE_INFINITY
    for (let i = 0; i < MEASURED; i++) {
      const since = performance.now()
      if (!(await commitNext(holder.lane, holder.seen))) throw new Error('nobody was there to shut it out')
      shortest = Math.min(shortest, performance.now() - since)
      this.measured++
      holder.seen = following(holder.seen)
    }
    return shortest
  }

  private open(): Promise<Holder> {
    const epoch = this.opened++
    const lease = { group: GROUP, topic: 'data_raw', partition: this.partition, partitions: [this.partition], epoch }
    return this.takeOver(this.logs[epoch % this.logs.length], lease)
  }

  private note(isAcknowledged: boolean, isThere: boolean): void {
    if (isAcknowledged) this.acknowledged++
    else {
      this.shutOut++
      if (isThere) this.countedNevertheless++
    }
    if (isAcknowledged && !isThere) this.wrong.push(`lane ${this.partition}: a commit was acknowledged, and is gone`)
  }
}

/** Whether it was acknowledged. */
async function commitNext(lane: Lane, seen: Progress): Promise<boolean> {
  const { topic, partition } = lane
  const next = following(seen)
  const result = resultOf({
    ...{ orbits: [], lateHits: [], others: { ancillary: MESSAGES_A_RESULT, unmapped: 0, malformed: 0 } },
    msg_ID: seen.nextMessage,
    source: [{ topic, partition, from: seen.nextOffset, to: next.nextOffset, watermark: null }],
  })
  const values = [Buffer.from(JSON.stringify(result))]
  return lane.commit(laneState(next.nextOffset, next.nextMessage, partition), { topic: 'data_clean', values }).then(
    () => true,
    () => false,
  )
}

function following({ nextOffset, nextMessage }: Progress): Progress {
  return { nextOffset: nextOffset + MESSAGES_A_RESULT, nextMessage: nextMessage + 1 }
}

function summary(lanes: readonly LaneInTurn[], ledger: Ledger): { counts: TakeOverCounts; wrong: string[] } {
  const sum = (of: (lane: LaneInTurn) => number) => lanes.reduce((total, lane) => total + of(lane), 0)
  const { lost, doubled, outOfOrder } = ledger.counts
  const counts = {
    // the first time it is opened it is nobody's
    'take-overs': sum(({ opened }) => opened - 1),
    'commits before them': sum(({ acknowledged }) => acknowledged),
    'commits shut out': sum(({ shutOut, countedNevertheless }) => shutOut - countedNevertheless),
    'commits that count though who made them saw an error': sum(({ countedNevertheless }) => countedNevertheless),
    ...{ lost, doubled, 'out of order': outOfOrder },
  }
  const expected = 1 + sum(({ counted }) => counted)
  const astray =
    ledger.counts.results === expected ? [] : [`${ledger.counts.results} results are seen, not ${expected}`]
  return { counts, wrong: [...ledger.wrong, ...lanes.flatMap(({ wrong }) => wrong), ...astray] }
}
