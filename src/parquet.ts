type ParquetWasm = typeof import('parquet-wasm')

/** Loads 5 MB of WebAssembly, so only what reads or writes Parquet calls it. */
function parquet(): Promise<ParquetWasm> {
  return import('parquet-wasm')
}

/** What files larger than this become when read does not fit into the memory of WebAssembly. */
export const LARGEST_PARQUET_BYTES = 256 * 1024 ** 2

/** An Arrow IPC stream as a Parquet file, its schema with its metadata in it, compressed with ZSTD. */
export async function toParquet(stream: Uint8Array): Promise<Uint8Array> {
  const { Compression, Table, WriterPropertiesBuilder, writeParquet } = await parquet()
  // what goes on into the next call is freed there, and the bytes given back are a copy of JavaScript's own
  const table = Table.fromIPCStream(stream)
  const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build()
  return writeParquet(table, properties)
}

/**
 * A Parquet file as an Arrow IPC stream of record batches of up to `batchRows` rows.
 * @throws Error where it is none, or damaged
 */
export async function fromParquet(file: Uint8Array, batchRows: number): Promise<Uint8Array> {
  const { readParquet } = await parquet()
  return readParquet(file, { batchSize: batchRows }).intoIPCStream()
}
