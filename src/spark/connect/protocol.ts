import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { ServiceClientConstructor } from '@grpc/grpc-js'
import type { MessageTypeDefinition, PackageDefinition } from '@grpc/proto-loader'

type Grpc = typeof import('@grpc/grpc-js')

const PROTO = fileURLToPath(new URL('./spark-connect.proto', import.meta.url))
const require = createRequire(import.meta.url)

interface Protocol {
  grpc: Grpc
  definition: PackageDefinition
  Service: ServiceClientConstructor
}

let loaded: Protocol | undefined

/** gRPC and Spark's messages, loaded when first needed: no other engine does. */
export function protocol(): Protocol {
  loaded ??= load()
  return loaded
}

function load(): Protocol {
  const grpc = require('@grpc/grpc-js') as Grpc
  const { loadSync } = require('@grpc/proto-loader') as typeof import('@grpc/proto-loader')
  const definition = loadSync(PROTO, { longs: Number })
  const { spark } = grpc.loadPackageDefinition(definition) as unknown as {
    spark: { connect: { SparkConnectService: ServiceClientConstructor } }
  }
  return { grpc, definition, Service: spark.connect.SparkConnectService }
}

/** A message that came as bytes within another. */
export function decode<T>(name: 'Status' | 'ErrorInfo', bytes: Uint8Array): T {
  const type = protocol().definition[`spark.connect.${name}`] as MessageTypeDefinition<object, object>
  return type.deserialize(Buffer.from(bytes)) as T
}
