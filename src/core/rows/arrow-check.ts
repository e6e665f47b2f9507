/** Places of the fields that matter in the tables of Arrow's IPC metadata (format/Message.fbs, format/Schema.fbs). */
const MESSAGE = { headerType: 1, header: 2, bodyLength: 3, customMetadata: 4 }
const SCHEMA = { fields: 1, customMetadata: 2 }
const FIELD = { typeKind: 2, type: 3, children: 5, customMetadata: 6 }
const RECORD_BATCH = { nodes: 1, buffers: 2, variadicBufferCounts: 4 }
const DICTIONARY_BATCH = { data: 1 }
const FOOTER = { schema: 1, dictionaries: 2, recordBatches: 3, customMetadata: 4 }
const BLOCK_BYTES = 24
const UNION = { typeIds: 1 }
const UNION_KIND = 14
const SCHEMA_HEADER = 1
const DICTIONARY_HEADER = 2
const RECORD_HEADER = 3

const CONTINUATION = -1
/** At both ends of a file. */
const MAGIC = 'ARROW1'

/**
 * Whether nothing in the metadata of an Arrow IPC stream or file points or reaches beyond it. Arrow's reader believes
 * the lengths that it finds: with one wrong byte it loops until memory is gone.
 */
export function isSoundArrow(bytes: Uint8Array): boolean {
  const text = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to))
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  try {
    if (text(0, MAGIC.length) !== MAGIC) return isSoundStream(view)
    const end = bytes.length - MAGIC.length
    return text(end, bytes.length) === MAGIC && isSoundFile(view, end)
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

function isSoundStream(view: DataView): boolean {
  let at = 0
  while (at < view.byteLength) {
    const end = endOfMessage(view, at)
    if (end === undefined) return true
    at = end
  }
  return at > 0 && at === view.byteLength
}

/** The footer before the magic says where the messages are. */
function isSoundFile(view: DataView, end: number): boolean {
  const length = view.getInt32(end - 4, true)
  const { dictionaries, batches } = new Metadata(part(view, end - 4 - length, length)).checkFooter()
  const isMessage = (kind: number) => (at: number) => (endOfMessage(view, at, kind) ?? Number.POSITIVE_INFINITY) <= end
  return dictionaries.every(isMessage(DICTIONARY_HEADER)) && batches.every(isMessage(RECORD_HEADER))
}

/**
 * Where the message at `at` ends, its body included; undefined where it is the mark of a stream's end.
 * @param kind the only kind that it may be of
 * @throws RangeError where something lies beyond the bytes
 */
function endOfMessage(view: DataView, at: number, kind?: number): number | undefined {
  const continues = view.getInt32(at, true) === CONTINUATION
  const start = at + (continues ? 8 : 4)
  const length = view.getInt32(start - 4, true)
  if (length === 0) return undefined
  return start + length + new Metadata(part(view, start, length)).checkMessage(kind)
}

function part(view: DataView, start: number, length: number): DataView {
  if (start < 0 || length < 0 || start + length > view.byteLength) throw new RangeError('a part beyond the bytes')
  return new DataView(view.buffer, view.byteOffset + start, length)
}

/** A message's metadata or a footer, a flatbuffer: tables whose fields are found by way of a list of places. */
class Metadata {
  /** no sound metadata has more tables than this, however its parts refer to each other */
  private tablesLeft: number

  constructor(private readonly view: DataView) {
    this.tablesLeft = view.byteLength / 4
  }

  /** @returns the length of the message's body, in bytes */
  checkMessage(wanted?: number): number {
    const message = this.target(0)
    this.checkVector(message, MESSAGE.customMetadata, 4)
    const type = this.field(message, MESSAGE.headerType)
    const header = this.table(message, MESSAGE.header)
    if (type === undefined || header === undefined) throw new RangeError('no header')
    const kind = this.view.getUint8(type)
    if (wanted !== undefined && kind !== wanted) throw new RangeError('a message of another kind')
    if (kind === SCHEMA_HEADER) this.checkSchema(header)
    if (kind === RECORD_HEADER) this.checkBatch(header)
    if (kind === DICTIONARY_HEADER) this.checkBatch(this.table(header, DICTIONARY_BATCH.data))
    const bodyLength = this.field(message, MESSAGE.bodyLength)
    const length = bodyLength === undefined ? 0 : Number(this.view.getBigInt64(bodyLength, true))
    if (length < 0) throw new RangeError('a body of negative length')
    return length
  }

  /** @returns where the file's messages begin */
  checkFooter(): { dictionaries: number[]; batches: number[] } {
    const footer = this.target(0)
    this.checkVector(footer, FOOTER.customMetadata, 4)
    const schema = this.table(footer, FOOTER.schema)
    if (schema === undefined) throw new RangeError('no schema')
    this.checkSchema(schema)
    return {
      dictionaries: this.blocks(footer, FOOTER.dictionaries),
      batches: this.blocks(footer, FOOTER.recordBatches),
    }
  }

  private blocks(footer: number, place: number): number[] {
    const [start, length] = this.checkVector(footer, place, BLOCK_BYTES)
    return Array.from({ length }, (_, i) => Number(this.view.getBigInt64(start + BLOCK_BYTES * i, true)))
  }

  private checkSchema(schema: number): void {
    this.checkVector(schema, SCHEMA.customMetadata, 4)
    this.checkFields(schema, SCHEMA.fields)
  }

  private checkFields(table: number, place: number): void {
    const [start, length] = this.checkVector(table, place, 4)
    for (let i = 0; i < length; i++) {
      const field = this.target(start + 4 * i)
      this.checkVector(field, FIELD.customMetadata, 4)
      this.checkUnion(field)
      this.checkFields(field, FIELD.children)
    }
  }

  private checkUnion(field: number): void {
    const kind = this.field(field, FIELD.typeKind)
    const type = this.table(field, FIELD.type)
    if (type !== undefined && kind !== undefined && this.view.getUint8(kind) === UNION_KIND)
      this.checkVector(type, UNION.typeIds, 4)
  }

  private checkBatch(batch: number | undefined): void {
    if (batch === undefined) throw new RangeError('no batch')
    this.checkVector(batch, RECORD_BATCH.nodes, 16)
    this.checkVector(batch, RECORD_BATCH.buffers, 16)
    this.checkVector(batch, RECORD_BATCH.variadicBufferCounts, 8)
  }

  /** @returns where a vector of elements of `size` bytes begins, and how many there are; none where the field is missing */
  private checkVector(table: number, place: number, size: number): [start: number, length: number] {
    const field = this.field(table, place)
    if (field === undefined) return [0, 0]
    const at = field + this.view.getInt32(field, true)
    const length = this.view.getInt32(at, true)
    if (length < 0 || at + 4 + length * size > this.view.byteLength)
      throw new RangeError('a vector beyond the metadata')
    return [at + 4, length]
  }

  private table(of: number, place: number): number | undefined {
    const field = this.field(of, place)
    return field === undefined ? undefined : this.target(field)
  }

  /** Where the table is that is referred to at `at`. */
  private target(at: number): number {
    if (this.tablesLeft-- <= 0) throw new RangeError('more tables than there is room for')
    return at + this.view.getInt32(at, true)
  }

  private field(table: number, place: number): number | undefined {
    const places = table - this.view.getInt32(table, true)
    const entry = 4 + 2 * place
    if (entry >= this.view.getInt16(places, true)) return undefined
    const offset = this.view.getInt16(places + entry, true)
    return offset === 0 ? undefined : table + offset
  }
}
