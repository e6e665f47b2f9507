import type { ProducedPartition } from '../client/raw-requests.js'

/** A request has one record batch a partition at most; brokers take 100 MiB, and wait for the whole of it. */
const LARGEST_REQUEST_BYTES = 16 * 1024 * 1024

/** The record batches as requests to send one after the other, each partition's in their order. */
export function splitIntoRequests(all: readonly ProducedPartition[]): ProducedPartition[][] {
  const requests: ProducedPartition[][] = []
  for (let left = [...all]; left.length > 0; ) {
    const request: ProducedPartition[] = []
    const later: ProducedPartition[] = []
    const taken = new Set<number>()
    let bytes = 0
    for (const one of left) {
      const fits = bytes === 0 || bytes + one.records.length <= LARGEST_REQUEST_BYTES
      if (taken.has(one.partition) || !fits) later.push(one)
      else {
        request.push(one)
        bytes += one.records.length
      }
      taken.add(one.partition)
    }
    requests.push(request)
    left = later
  }
  return requests
}
