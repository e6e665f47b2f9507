import type { Random } from './random.js'
import type { Scintillators } from './telescope.js'

/** A straight line: x and y in mm at the height z = 0, and their change with z. Reused from muon to muon. */
export interface Track {
  x: number
  y: number
  slopeX: number
  slopeY: number
}

/**
 * Draws a muon through both scintillators; the flux from a direction goes with cos^2 of its angle to the vertical. Of two
 * ways to draw it, with the same outcome, the one is taken that seldom draws in vain. Neither needs a function but the
 * square root, whose result is exact, and so the same, everywhere.
 */
export function drawTrack(track: Track, plates: Scintillators, random: Random): void {
  const side = plates.toMm - plates.fromMm
  const height = plates.upperZMm - plates.lowerZMm
  if (side > height) drawByDirection(track, plates, side, height, random)
  else drawByPoints(track, plates, side, height, random)
}

/**
 * A point of the lower plate and a direction, until they lead to the upper one. What crosses a horizontal area goes with
 * cos^3, which cos = s^(1/4) gives for a uniform s. A point in the unit disc has both: s is its radius squared, and the
 * azimuth is its own.
 */
function drawByDirection(track: Track, plates: Scintillators, side: number, height: number, random: Random): void {
  for (;;) {
    const dx = 2 * random.uniform() - 1
    const dy = 2 * random.uniform() - 1
    const s = dx * dx + dy * dy
    if (s === 0 || s > 1) continue
    const radius = Math.sqrt(s)
    const tangent = Math.sqrt(1 / radius - 1)
    const slopeX = (tangent * dx) / radius
    const slopeY = (tangent * dy) / radius
    const x = plates.fromMm + side * random.uniform()
    const y = plates.fromMm + side * random.uniform()
    if (!isWithin(x + slopeX * height, plates) || !isWithin(y + slopeY * height, plates)) continue
    setTrack(track, x, y, slopeX, slopeY, plates.lowerZMm)
    return
  }
}

/** A point of each plate. Pairs are taken with cos^6: two for the flux, two for the plates' tilt, two for the distance. */
function drawByPoints(track: Track, plates: Scintillators, side: number, height: number, random: Random): void {
  for (;;) {
    const x = side * random.uniform()
    const y = side * random.uniform()
    const slopeX = (side * random.uniform() - x) / height
    const slopeY = (side * random.uniform() - y) / height
    const oneOverCos2 = 1 + slopeX * slopeX + slopeY * slopeY
    if (random.uniform() * oneOverCos2 * oneOverCos2 * oneOverCos2 >= 1) continue
    setTrack(track, plates.fromMm + x, plates.fromMm + y, slopeX, slopeY, plates.lowerZMm)
    return
  }
}

function setTrack(track: Track, x: number, y: number, slopeX: number, slopeY: number, z: number): void {
  track.slopeX = slopeX
  track.slopeY = slopeY
  track.x = x - slopeX * z
  track.y = y - slopeY * z
}

function isWithin(mm: number, plates: Scintillators): boolean {
  return mm >= plates.fromMm && mm < plates.toMm
}
