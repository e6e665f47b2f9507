import { notALog, otherFormat } from './failures.js'
import { FORMAT_KEY } from './keys.js'
import { putJson, readJson } from './records.js'
import type { Store, Tree } from './store.js'

/** To be raised with every change of what `keys.ts`, `chunk.ts` and the records say. */
export const FORMAT = 1

/**
 * Marks a new store with our format; leaves one of another format as it is.
 * @throws ExpectedError naming both formats, or where the store is not a log
 */
export async function checkFormat(store: Store): Promise<void> {
  const found = store.read(formatOf) ?? (await store.write(marked))
  if (found === 'foreign') throw notALog(store.folder)
  if (found !== FORMAT) throw otherFormat(store.folder, String(found), String(FORMAT))
}

/** undefined for a new store. */
function formatOf(tree: Tree): number | 'foreign' | undefined {
  const format = readJson<{ format: number }>(tree, FORMAT_KEY)?.format
  if (format !== undefined) return format
  return tree.keys(Uint8Array.of(0), Uint8Array.of(255), 1).length > 0 ? 'foreign' : undefined
}

function marked(tree: Tree): number | 'foreign' {
  const found = formatOf(tree)
  if (found === undefined) putJson(tree, FORMAT_KEY, { format: FORMAT })
  return found ?? FORMAT
}
