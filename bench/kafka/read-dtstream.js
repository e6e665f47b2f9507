// Reads a topic to its end as dtstream does, without folding: node read-dtstream.js BOOTSTRAP TOPIC ROWS
import { openKafkaLog } from '../../dist/log/kafka/kafka-log.js'

const [bootstrap, topic, rows] = process.argv.slice(2)
const log = await openKafkaLog({ brokers: bootstrap.split(','), clientId: 'bench' }, { onNotice: console.error })
const offsets = await log.offsets(topic)
let read = 0
let size = 0
await Promise.all(offsets.map(({ start, end }, partition) => readPartition(partition, start, end)))
if (read !== Number(rows)) throw new Error(`${read} rows were read, not ${rows}`)
console.log(read, size)
await log.close()

async function readPartition(partition, from, end) {
  const reader = await log.reader(topic, partition, from)
  for (let next = from; next < end; ) {
    const batch = await reader.next(5000)
    if (!batch) throw new Error(`nothing came of partition ${partition} at ${next}`)
    for (let i = 0; i < batch.count; i++) {
      if (batch.end[i] === batch.start[i]) continue
      read++
      size += batch.end[i] - batch.start[i]
    }
    next = batch.nextOffset
  }
  await reader.close()
}
