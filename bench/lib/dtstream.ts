import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What benchmarks take from a build of dtstream, as it is compiled, so that what users run is what is measured. */
export async function loadBuild(root: string) {
  const load = (path: string) => import(pathToFileURL(join(root, 'dist', path)).href)
  return {
    ...((await load('core/rows/row-buffer.js')) as typeof import('../../src/core/rows/row-buffer.js')),
    ...((await load('core/rows/format-text.js')) as typeof import('../../src/core/rows/format-text.js')),
    ...((await load('core/run-file/run-file.js')) as typeof import('../../src/core/run-file/run-file.js')),
    ...((await load('core/orbits/lane-fold.js')) as typeof import('../../src/core/orbits/lane-fold.js')),
    ...((await load('core/simulator/simulator.js')) as typeof import('../../src/core/simulator/simulator.js')),
    ...((await load('core/simulator/parse-options.js')) as typeof import('../../src/core/simulator/parse-options.js')),
    ...((await load('process/fold-settings.js')) as typeof import('../../src/process/fold-settings.js')),
    ...((await load('sources/read-parts.js')) as typeof import('../../src/sources/read-parts.js')),
    ...((await load('sources/registry.js')) as typeof import('../../src/sources/registry.js')),
    ...((await load('sources/formats/byte-feed.js')) as typeof import('../../src/sources/formats/byte-feed.js')),
    ...((await load('sources/formats/text-blocks.js')) as typeof import('../../src/sources/formats/text-blocks.js')),
  }
}

export type Build = Awaited<ReturnType<typeof loadBuild>>
