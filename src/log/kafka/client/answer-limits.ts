/** A connection, TLS and all, is made within this time. */
export const CONNECT_LIMIT_MS = 3000
/** What a broker knows by itself it says at once; a fetch is told to wait for less. */
const KNOWN_MS = 3000
/** What is written must reach other brokers first, and one of them may be about to be given up. */
const WRITTEN_MS = 6000
/** Topics are made by the controller, which is told to take no longer than 10 s. */
const CREATED_MS = 12_000
/** A group is joined when its members have come back, which may take the rebalance timeout. */
const JOINED_MS = 15_000

/** By the protocol's numbers: Produce, OffsetCommit, those of transactions. */
const WRITING = [0, 8, 22, 24, 25, 26, 28]
const LIMITS_MS = new Map<number, number>([
  ...WRITING.map((key): [number, number] => [key, WRITTEN_MS]),
  [19, CREATED_MS], // CreateTopics
  [20, CREATED_MS], // DeleteTopics
  [11, JOINED_MS], // JoinGroup
  [14, JOINED_MS], // SyncGroup
])

const KEY_AT = 4
const KEY_END = 6

/** How long a broker may owe the answer to a request, ms. @param request the whole of it, its length first */
export function answerLimitMs(request: Uint8Array): number {
  if (request.length < KEY_END) return KNOWN_MS
  const key = (request[KEY_AT] << 8) | request[KEY_AT + 1]
  return LIMITS_MS.get(key) ?? KNOWN_MS
}
