import { defineConfig } from 'vitest/config'
import { common } from './vitest.config.js'

/** What a plug-in's author and its user do, with packages from the registry: it takes minutes. */
export default defineConfig({
  test: { ...common, include: ['test/plugin-package/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
})
