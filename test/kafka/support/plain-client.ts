import kafkajs, { type Admin, type Kafka, type KafkaConfig, type KafkaMessage } from 'kafkajs'

/** kafkajs as it comes, quiet: what the tests themselves look at topics with. */
export function plainClient(bootstrap: string, config: Partial<KafkaConfig> = {}): Kafka {
  return new kafkajs.Kafka({ brokers: bootstrap.split(','), logLevel: kafkajs.logLevel.NOTHING, ...config })
}

/** Does some work with an admin that is connected for it. */
export async function withAdmin<T>(kafka: Kafka, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    return await work(admin)
  } finally {
    await admin.disconnect()
  }
}

/** Sends values to a partition, all replicas in step. */
export async function sendValues(kafka: Kafka, topic: string, partition: number, values: string[]): Promise<void> {
  const { DefaultPartitioner: createPartitioner } = kafkajs.Partitioners
  const producer = kafka.producer({ idempotent: true, allowAutoTopicCreation: false, createPartitioner })
  await producer.connect()
  try {
    await producer.send({ topic, acks: -1, messages: values.map((value) => ({ partition, value })) })
  } finally {
    await producer.disconnect()
  }
}

/** Reads a topic from its start until that many messages have come, in a group of their own; their values. */
export async function readValues(kafka: Kafka, topic: string, groupId: string, count: number): Promise<string[]> {
  const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false, maxWaitTimeInMs: 200 })
  const values: string[] = []
  await consumer.connect()
  try {
    await consumer.subscribe({ topic, fromBeginning: true })
    await new Promise<void>((resolve, reject) => {
      // It starts again by itself after what passes, such as a coordinator that still loads.
      consumer.on('consumer.crash', ({ payload }) => {
        if (!payload.restart) reject(payload.error)
      })
      const eachMessage = async ({ message }: { message: KafkaMessage }): Promise<void> => {
        values.push(`${message.value}`)
        if (values.length === count) resolve()
      }
      consumer.run({ eachMessage }).catch(reject)
    })
  } finally {
    await consumer.disconnect()
  }
  return values
}
