const SEED = 0x9747b28c
const MULTIPLIER = 0x5bd1e995
const ZERO = 48
/** Digits of the largest orbit. */
const MOST_DIGITS = 10
const CACHE_SIZE = 4096

/** MurmurHash2 of bytes[0, length), 32 bits, signed, with Kafka's seed (by Austin Appleby, public domain). */
export function murmur2(bytes: Uint8Array, length: number = bytes.length): number {
  let h = SEED ^ length
  let at = 0
  for (; at + 4 <= length; at += 4) {
    let k = bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
    k = Math.imul(k, MULTIPLIER)
    k = Math.imul(k ^ (k >>> 24), MULTIPLIER)
    h = Math.imul(h, MULTIPLIER) ^ k
  }
  if (length - at === 3) h ^= bytes[at + 2] << 16
  if (length - at >= 2) h ^= bytes[at + 1] << 8
  if (length - at >= 1) h = Math.imul(h ^ bytes[at], MULTIPLIER)
  h = Math.imul(h ^ (h >>> 13), MULTIPLIER)
  return h ^ (h >>> 15)
}

/**
 * Hash of the decimal digits of an orbit, from 0 to 2^31 - 1: what Kafka's default partitioner makes of the orbit as a
 * message key, so that any producer that keys by orbit puts it into the same partition.
 * @param digits work space
 */
export function orbitHash(orbit: number, digits: Uint8Array = new Uint8Array(MOST_DIGITS)): number {
  let length = 0
  let rest = orbit
  do {
    digits[length++] = ZERO + (rest % 10)
    rest = Math.floor(rest / 10)
  } while (rest > 0)
  digits.subarray(0, length).reverse()
  return murmur2(digits, length) & 0x7fffffff
}

/** Which partition an orbit belongs to; recent orbits are remembered, as rows of one come close together. */
export class OrbitPartitioner {
  private readonly orbits = new Float64Array(CACHE_SIZE).fill(-1)
  private readonly known = new Uint16Array(CACHE_SIZE)
  private readonly digits = new Uint8Array(MOST_DIGITS)

  constructor(readonly partitions: number) {}

  partitionOf(orbit: number): number {
    const slot = orbit & (CACHE_SIZE - 1)
    if (this.orbits[slot] !== orbit) {
      this.orbits[slot] = orbit
      this.known[slot] = orbitHash(orbit, this.digits) % this.partitions
    }
    return this.known[slot]
  }
}
