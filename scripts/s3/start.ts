// An S3 server until Ctrl-C; prints what the environment of a client needs.
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { ACCESS_KEY, LocalS3, SECRET_KEY } from '../../test/s3/support/local-s3.js'

const { values } = parseArgs({ options: { tls: { type: 'boolean' } } })
const server = await LocalS3.start(values)
const lines = {
  AWS_ENDPOINT_URL: server.endpoint,
  AWS_ACCESS_KEY_ID: ACCESS_KEY,
  AWS_SECRET_ACCESS_KEY: SECRET_KEY,
  ...(server.certificate ? { AWS_CA_BUNDLE: server.certificate } : {}),
}
for (const [name, value] of Object.entries(lines)) console.log(`export ${name}=${value}`)
console.log(`# buckets are folders in ${server.data}; they go with the server`)
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
await server.stop()
