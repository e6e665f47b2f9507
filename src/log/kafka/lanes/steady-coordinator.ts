import { setTimeout as sleep } from 'node:timers/promises'
import { finalError, rootOf } from '../client/failures.js'
import type { Broker, Cluster, CoordinatorQuery } from '../client/internals.js'

const PAUSE_MS = 250
/** What a broker answers that does not coordinate the group, or not yet. */
const MOVED = ['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS']
/** kafkajs takes no failure of these well: it goes on as if it were a member. */
const JOINING = ['joinGroup', 'syncGroup']

export interface Joining {
  /** nothing is tried again from then on */
  hasLeft(): boolean
  /** told of each failure that is waited out, and of success after it */
  onTrouble(error: unknown): void
  onFine(): void
}

/**
 * kafkajs looks for a group's coordinator when it joins, and then asks that broker only, which may be gone: it comes to leave the
 * group and to join it again as somebody else, and all have to wait for who it was. With this the coordinator is looked for
 * whenever it cannot be asked, and whoever was a member stays one.
 */
export function keepCoordinator(cluster: Cluster, joining: Joining): void {
  const find = cluster.findGroupCoordinator.bind(cluster)
  cluster.findGroupCoordinator = async (group: CoordinatorQuery) => {
    const first = await untilDone(() => find(group), joining)
    return new Proxy(first, new Following(first, () => find(group), joining))
  }
}

class Following implements ProxyHandler<Broker> {
  private current: Broker | undefined

  constructor(
    first: Broker,
    private readonly find: () => Promise<Broker>,
    private readonly joining: Joining,
  ) {
    this.current = first
  }

  get(first: Broker, name: string | symbol): unknown {
    const value = Reflect.get(first, name)
    if (typeof value !== 'function') return value
    const once = (...args: unknown[]) => this.ask(name, args)
    return JOINING.includes(String(name)) ? (...args: unknown[]) => untilDone(() => once(...args), this.joining) : once
  }

  private async ask(name: string | symbol, args: unknown[]): Promise<unknown> {
    try {
      const broker = this.current ?? (await this.find())
      this.current = broker
      const answer = await Reflect.get(broker, name).apply(broker, args)
      this.joining.onFine()
      return answer
    } catch (error) {
      if (!isPassing(error)) throw error
      this.current = undefined
      this.joining.onTrouble(error)
      throw passing(error)
    }
  }
}

async function untilDone<T>(work: () => Promise<T>, { hasLeft, onTrouble }: Joining): Promise<T> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (hasLeft() || !isPassing(error)) throw error
      onTrouble(error)
      await sleep(PAUSE_MS)
    }
  }
}

/**
 * What kafkajs tries again. Where it has looked for the coordinator in vain so often as it may, its own error says that no more tries
 * help: then it would leave the group and join it again as somebody else.
 */
function passing(error: unknown): Error {
  return new Error(rootOf(error).message ?? String(error), { cause: error })
}

/** The group is somewhere else, or cannot be reached. */
function isPassing(error: unknown): boolean {
  if (finalError(error, '')) return false
  const { type, name = '' } = rootOf(error)
  return type === undefined ? name.startsWith('KafkaJS') : MOVED.includes(type)
}
