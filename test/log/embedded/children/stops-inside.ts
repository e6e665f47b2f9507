// Stops itself in the midst of a transaction: node stops-inside.ts FOLDER
import { Store } from '../../../../src/log/embedded/store.js'
import { say } from './talk.js'

const store = await Store.open(process.argv[2])
say('ready')
await store.write((tree) => {
  tree.put(Buffer.from('Xtest'), Buffer.from('stopped'))
  process.kill(process.pid, 'SIGSTOP')
})
await store.close()
say('done')
