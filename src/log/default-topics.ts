import type { Log, TopicInfo, TopicSpec } from './log.js'

/** Where rows go. */
export const RAW_TOPIC = { name: 'data_raw', partitions: 10 } as const satisfies TopicSpec

/** Where results go: one partition, so that they are read in one order. A result may list many orbits. */
export const CLEAN_TOPIC = {
  name: 'data_clean',
  partitions: 1,
  maxMessageBytes: 8 * 1024 ** 2,
} as const satisfies TopicSpec

export const DEFAULT_TOPICS: readonly TopicSpec[] = [RAW_TOPIC, CLEAN_TOPIC]

/** How a topic of this name is made where nobody says how: the default ones as they are, any other like `data_raw`. */
export function defaultSpec(name: string): TopicSpec {
  return { ...(DEFAULT_TOPICS.find((topic) => topic.name === name) ?? RAW_TOPIC), name }
}

/**
 * The topic, made first where it is missing; safe when several processes ask for it at once.
 * @param spec how it is made; `defaultSpec` of its name where not given
 */
export async function ensureTopic(log: Log, name: string, spec: TopicSpec = defaultSpec(name)): Promise<TopicInfo> {
  const there = await log.topic(name)
  if (there) return there
  try {
    await log.createTopic(spec)
  } catch (error) {
    const madeByAnother = await log.topic(name)
    if (!madeByAnother) throw error
    return madeByAnother
  }
  const made = await log.topic(name)
  if (!made) throw new Error(`the topic ${name} was made and is not there`)
  return made
}
