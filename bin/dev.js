#!/usr/bin/env -S node --import tsx
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execute, Plugin, settings } from '@oclif/core'

process.stdout.on('error', (error) => process.exit(error.code === 'EPIPE' ? 0 : 1))
// src/ without a build. Not by the way that oclif has for it: that one needs a JavaScript API which TypeScript 7 no
// longer has, and would take the commands from oclif.manifest.json, which may be older than src/
const root = fileURLToPath(new URL('..', import.meta.url))
const pjson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
pjson.oclif = JSON.parse(JSON.stringify(pjson.oclif).replaceAll('./dist/', './src/'))
settings.enableAutoTranspile = false
const plugin = new Plugin({ root, isRoot: true, pjson, ignoreManifest: true })
await plugin.load()
await execute({ loadOptions: { root, pjson, plugins: new Map([[plugin.name, plugin]]) } })
