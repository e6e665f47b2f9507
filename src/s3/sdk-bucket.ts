import type { Bucket, ObjectReader, PutOptions, S3Object } from './bucket.js'
import type { S3Connection } from './connection.js'
import { explain } from './explain.js'
import { listObjects } from './list-objects.js'
import { putObject } from './put-object.js'
import { RangedReader } from './ranged-reader.js'

/** A bucket by way of Amazon's SDK. */
export class SdkBucket implements Bucket {
  private readonly readers = new Set<ObjectReader>()

  constructor(
    private readonly connection: S3Connection,
    readonly name: string,
    readonly prefix: string,
  ) {}

  async list(prefix: string): Promise<S3Object[]> {
    const place = { bucket: this.name, key: prefix }
    try {
      return await listObjects(this.connection, place)
    } catch (error) {
      throw explain(error, { place, to: 'list', where: this.connection.where })
    }
  }

  read(object: S3Object, from = 0, to = object.size): ObjectReader {
    const reader = new RangedReader(this.connection, { bucket: this.name, object, from, to }, () =>
      this.readers.delete(reader),
    )
    this.readers.add(reader)
    return reader
  }

  async put(key: string, bytes: Uint8Array, { metadata }: PutOptions): Promise<'written' | 'there'> {
    const place = { bucket: this.name, key }
    try {
      return await putObject(this.connection, place, bytes, metadata ?? {})
    } catch (error) {
      throw explain(error, { place, to: 'write', where: this.connection.where })
    }
  }

  async close(): Promise<void> {
    for (const reader of this.readers) reader.close()
    this.connection.client.destroy()
  }
}
