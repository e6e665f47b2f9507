// Reads a topic to its end as kafkajs does by itself: node read-kafkajs.js BOOTSTRAP TOPIC ROWS
import { randomUUID } from 'node:crypto'
import kafkajs from 'kafkajs'

const [bootstrap, topic, rows] = process.argv.slice(2)
const kafka = new kafkajs.Kafka({ brokers: bootstrap.split(','), logLevel: kafkajs.logLevel.NOTHING })
const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 100 })
let read = 0
let size = 0
await consumer.connect()
await consumer.subscribe({ topics: [topic], fromBeginning: true })
await new Promise((resolve, reject) => {
  consumer
    .run({
      partitionsConsumedConcurrently: 4,
      eachBatch: async ({ batch }) => {
        for (const { value } of batch.messages) {
          if (value === null) continue
          read++
          size += value.length
        }
        if (read >= Number(rows)) resolve()
      },
    })
    .catch(reject)
})
console.log(read, size)
await consumer.disconnect()
