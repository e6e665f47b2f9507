import { expect, it } from 'vitest'
import { Appender } from '../../../../src/log/kafka/writing/appender.js'
import { toProgressMetadata } from '../../../../src/log/kafka/writing/progress-metadata.js'

const saved = (number: number, value: unknown) => ({
  topic: 'data_raw',
  metadata: toProgressMetadata({ number, by: 'a replay that was killed', value }),
})

it('ends the last transaction of a replay that was killed before it reads how far that came', async () => {
  // the brokers had been told to commit it, and are not through with that: nothing shows it yet
  let committed = [saved(1, 'before')]
  const written: unknown[] = []
  const appender = new Appender({
    async producer() {
      committed = [saved(2, 'after')]
      return { run: async (transaction) => void written.push(transaction) }
    },
    committed: async () => committed,
    patiently: (_, work) => work(),
  })
  expect(await appender.progress('source', 'data_raw')).toBe('after')
  await appender.append('data_raw', [], { key: 'source', value: 'next' })
  expect(written).toMatchObject([{ offsets: { positions: [{ offset: 3 }] } }])
})
