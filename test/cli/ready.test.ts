import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COMPILER = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc')
const HAND_ON = `
  import { spawnSync } from 'node:child_process'
  const { status } = spawnSync(process.execPath, [${JSON.stringify(COMPILER)}, ...process.argv.slice(2)], { stdio: 'inherit' })
  process.exit(status)
`

let project: string

/** A project of a few lines, whose packages are a compiler that hands on to the one that stands here, and three files: nothing is fetched. */
beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), 'dtstream-ready-'))
  cpSync(join(ROOT, 'scripts'), join(project, 'scripts'), { recursive: true })
  for (const folder of ['src/exports', 'src/dashboard/web/page', 'src/spark/connect', 'compiler/bin', 'bokeh/build/js'])
    mkdirSync(join(project, folder), { recursive: true })
  write('compiler/package.json', json({ name: 'typescript', version: '1.0.0', type: 'module' }))
  write('compiler/bin/tsc', HAND_ON)
  write('bokeh/package.json', json({ name: '@bokeh/bokehjs', version: '1.0.0' }))
  for (const name of ['LICENSE', 'build/js/bokeh.min.js', 'build/js/bokeh-api.min.js']) write(`bokeh/${name}`, name)
  write('src/main.ts', "export const greeting: string = 'hello'\n")
  write('src/dashboard/web/page/main.ts', "document.title = 'page'\n")
  write('src/dashboard/web/page/index.html', '<title></title>')
  write('src/spark/connect/spark-connect.proto', 'syntax = "proto3";')
  write('src/other.ts', 'export type Other = number\n')
  write('src/exports/greeting.ts', "export { greeting } from '../main.js'\n")
  const devDependencies = { '@bokeh/bokehjs': 'file:bokeh', typescript: 'file:compiler' }
  write('package.json', json({ name: 'small', type: 'module', devDependencies }))
  write('tsconfig.json', json({ compilerOptions: { target: 'ES2022', module: 'Node16', types: [], noEmit: true } }))
  write(
    'tsconfig.build.json',
    json({
      extends: './tsconfig.json',
      compilerOptions: { noEmit: false, rootDir: 'src' },
      include: ['src'],
      exclude: ['src/dashboard/web/page'],
    }),
  )
  write(
    'tsconfig.page.json',
    json({
      extends: './tsconfig.json',
      compilerOptions: { noEmit: false, rootDir: 'src', lib: ['ES2022', 'DOM'] },
      include: ['src/dashboard/web/page'],
    }),
  )
  write(
    'tsconfig.types.json',
    json({ extends: './tsconfig.build.json', compilerOptions: { declaration: true, emitDeclarationOnly: true } }),
  )
  const lock = spawnSync('npm', ['install', '--package-lock-only', '--offline'], { cwd: project, encoding: 'utf8' })
  expect(lock.status, lock.stderr).toBe(0)
})

afterAll(() => rmSync(project, { recursive: true, force: true }))

describe('scripts/ready.js', () => {
  it('installs and builds a fresh clone', () => {
    const { status, stdout, stderr } = ready()
    expect(status, stderr).toBe(0)
    expect(stdout).toBe('')
    expect(stderr).toMatch(/^Installing \.\.\.\n[\s\S]*Building \.\.\.\n/)
    expect(read('dist/main.js')).toContain("greeting = 'hello'")
    expect(read('dist/spark/connect/spark-connect.proto')).toBe('syntax = "proto3";')
    expect(read('dist/dashboard/web/page/dashboard/web/page/main.js')).toContain("title = 'page'")
    expect(read('dist/dashboard/web/page/index.html')).toBe('<title></title>')
    expect(read('dist/dashboard/web/bokeh/bokeh.min.js')).toBe('build/js/bokeh.min.js')
  })

  it('keeps the declarations that other packages need, and no others', () => {
    const files = readdirSync(join(project, 'dist'), { recursive: true, encoding: 'utf8' })
    expect(files.filter((file) => file.endsWith('.d.ts')).sort()).toEqual(['exports/greeting.d.ts', 'main.d.ts'])
  })

  it('does nothing and says nothing the second time', () => {
    const before = [inode('dist'), inode('node_modules')]
    expect(ready()).toEqual({ status: 0, stdout: '', stderr: '' })
    expect([inode('dist'), inode('node_modules')]).toEqual(before)
  })

  it('does nothing where only the times of the files are new', () => {
    write('src/main.ts', read('src/main.ts'))
    expect(ready()).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  it('builds again, without installing, when a source changes, comes or goes', () => {
    write('src/main.ts', "export const greeting: string = 'good day'\n")
    expect(ready().stderr).toBe('Building ...\n')
    expect(read('dist/main.js')).toContain('good day')
    write('src/other.ts', 'export const other = 1\n')
    expect(ready().stderr).toBe('Building ...\n')
    expect(read('dist/other.js')).toContain('other = 1')
    rmSync(join(project, 'src/other.ts'))
    expect(ready().stderr).toBe('Building ...\n')
    expect(() => read('dist/other.js')).toThrow('ENOENT')
  })

  it('leaves dist/ as it was when the build fails, and fails again the next time', () => {
    write('src/main.ts', 'export const greeting: string = 3\n')
    for (const _ of [1, 2]) {
      const { status, stderr } = ready()
      expect(status).toBe(1)
      expect(stderr).toMatch(/main\.ts.*TS2322[\s\S]*The build did not succeed/)
      expect(read('dist/main.js')).toContain('good day')
    }
    write('src/main.ts', "export const greeting: string = 'good day'\n")
    expect(ready()).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  it('installs again when the lock file asks for something else, or an installation was cut short', () => {
    rmSync(join(project, 'node_modules', '.package-lock.json'))
    expect(ready().stderr).toMatch(/^Installing/)
    expect(ready().stderr).toBe('')
    for (const file of ['package.json', 'package-lock.json']) {
      write(file, read(file).replace('"devDependencies": {', '"devDependencies": { "absent": "1.0.0",'))
    }
    const lock = JSON.parse(read('package-lock.json'))
    lock.packages['node_modules/absent'] = { version: '1.0.0', integrity: 'sha512-AAAA', dev: true }
    write('package-lock.json', json(lock))
    const { status, stderr } = ready()
    expect(status).toBe(1)
    expect(stderr).toMatch(/^Installing[\s\S]*npm ci did not succeed/)
  })
})

function ready() {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/ready.js'], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, npm_config_offline: 'true', npm_config_loglevel: 'error' },
  })
  return { status, stdout, stderr }
}

function write(name: string, content: string): void {
  writeFileSync(join(project, name), content)
}

function read(name: string): string {
  return readFileSync(join(project, name), 'utf8')
}

function inode(name: string): number {
  return statSync(join(project, name)).ino
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
