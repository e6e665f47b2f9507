import { Flags } from '@oclif/core'

/** `--run FILE`, of every command that must know the detector. */
export const runFlag = Flags.file({
  helpValue: 'FILE',
  description: 'run file: geometry, offsets, bins, raw-word layout (see run-file); without it the built-in default',
  env: 'DTSTREAM_RUN',
})
