import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { JobBook } from '../../../src/spark/jobs/job-book.js'
import { temporaryFolder } from '../../support/temporary-folder.js'
import { ENTRY } from '../support/sample-job.js'

async function emptyBook(): Promise<{ book: JobBook; folder: string }> {
  const folder = join(await temporaryFolder(), 'spark')
  return { book: new JobBook(folder), folder }
}

describe('the book of jobs', () => {
  it('has what was written, by name, for others of the same user alone', async () => {
    const { book, folder } = await emptyBook()
    expect(book.entries()).toEqual([])
    book.write(ENTRY)
    book.write({ ...ENTRY, name: 'other' })
    expect(new JobBook(folder).entries()).toEqual([ENTRY, { ...ENTRY, name: 'other' }])
    expect((await stat(book.fileOf('cosmics'))).mode & 0o777).toBe(0o600)
    expect((await stat(book.folderOf('cosmics'))).mode & 0o777).toBe(0o700)
    expect(await readdir(book.folderOf('cosmics'))).toEqual(['job.json'])
  })

  it('replaces an entry, and forgets it without its folder', async () => {
    const { book } = await emptyBook()
    book.write(ENTRY)
    book.write({ ...ENTRY, batchRows: 7 })
    await mkdir(join(book.folderOf('cosmics'), 'checkpoint'))
    expect(book.get('cosmics').batchRows).toBe(7)
    book.remove('cosmics')
    book.remove('cosmics')
    expect(book.entries()).toEqual([])
    expect(await readdir(book.folderOf('cosmics'))).toEqual(['checkpoint'])
  })

  it.each(['..', '.', 'a/b', 'night shift', '%2E', 'Ü'])(
    'has a job of any name within its folder: %s',
    async (name) => {
      const { book, folder } = await emptyBook()
      book.write({ ...ENTRY, name })
      expect(dirname(book.folderOf(name))).toBe(folder)
      expect(book.entries().map((entry) => entry.name)).toEqual([name])
    },
  )

  it('names the job that is most like one that is not there', async () => {
    const { book } = await emptyBook()
    expect(() => book.get('cosmic')).toThrow('there is no job cosmic')
    book.write(ENTRY)
    expect(() => book.get('cosmic')).toThrow(expect.objectContaining({ suggestions: ['cosmics'] }))
    expect(() => book.get('muons')).toThrow(
      expect.objectContaining({ suggestions: ['dtstream jobs list shows those there are'] }),
    )
  })

  it('says which entry cannot be read', async () => {
    const { book } = await emptyBook()
    book.write(ENTRY)
    await writeFile(book.fileOf('cosmics'), '{"format"')
    expect(() => book.find('cosmics')).toThrow(/^the entry of job cosmics cannot be read: /)
  })
})
