import { Flags } from '@oclif/core'
import { EXIT, ExpectedError } from '../errors.js'

const SPEED = /^(\d+(?:\.\d+)?)x?$/

/** `--speed 2x`: a factor above 0. */
export const speedFlag = Flags.custom<number>({
  helpValue: 'FACTOR',
  parse: async (text) => {
    const speed = Number(SPEED.exec(text)?.[1])
    if (speed > 0) return speed
    throw new ExpectedError(`'${text}' is not a speed`, ['write it as 1x, 2x or 0.5x'], EXIT.usage)
  },
})
