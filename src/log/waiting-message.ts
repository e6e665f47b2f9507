/**
 * What a user reads who wants lanes that others hold.
 * @param holders the label of the holder of each such lane
 * @param lanes how many lanes the topic has
 */
export function waitingMessage(about: { topic: string; group: string; holders: string[]; lanes: number }): string {
  const { topic, group, holders, lanes } = about
  const counts = new Map<string, number>()
  for (const holder of holders) counts.set(holder, (counts.get(holder) ?? 0) + 1)
  const which = holders.length === lanes ? `all ${lanes}` : `${holders.length} of ${lanes}`
  const subject = lanes === 1 ? `the lane of ${topic} is` : `${which} lanes of ${topic} are`
  const one = counts.size === 1
  const by = one ? holders[0] : [...counts].map(([holder, count]) => `${holder} (${count})`).join(', ')
  return `${subject} held in group ${group} by ${by}; this process takes over when ${one ? 'that one ends' : 'they end'}`
}
