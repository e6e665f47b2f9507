import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEmbeddedLog } from '../../../src/log/embedded/index.js'
import { logConformance } from '../../conformance/log.js'

logConformance('embedded', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'dtstream-test-'))
  return {
    open: () => openEmbeddedLog(folder),
    remove: () => rm(folder, { recursive: true }),
  }
})
