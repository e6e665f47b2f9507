import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
} from 'yaml'
import {
  type ConfigFile,
  type Entry,
  type Named,
  PROFILE,
  PROFILES,
  type Section,
  type Text,
  type Value,
} from './config-file.js'
import { errorAt, type Place } from './place.js'

const SECTIONS = 'sections named after commands'
const EXAMPLE = 'replay: {rate: 1000/s}'

/**
 * Reads a file's text into sections; whether their commands and flags exist is not looked at.
 * @param shown the file as it is shown to its user
 * @param folder where its relative paths begin
 * @throws ExpectedError (exit code 2) with line and column: no YAML, a key twice, or not laid out in sections
 */
export function parseConfig(text: string, shown: string, folder: string): ConfigFile {
  return new ConfigParser(text, shown).file(folder)
}

/** A key of a mapping, and what stands behind it. */
interface Item extends Named {
  value: Node | null
}

class ConfigParser {
  readonly #lines = new LineCounter()
  readonly #document: Document.Parsed
  readonly #shown: string

  constructor(text: string, shown: string) {
    this.#shown = shown
    // keys that stand twice are looked for here, where their names are at hand
    this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false, uniqueKeys: false })
    const [first] = [...this.#document.errors, ...this.#document.warnings].sort((a, b) => a.pos[0] - b.pos[0])
    if (first) throw errorAt(this.#placeOf(first.pos[0]), `this is not YAML: ${inOneLine(first.message)}`)
  }

  file(folder: string): ConfigFile {
    const items = this.#items(this.#document.contents, this.#placeOf(0), SECTIONS)
    const file = { shown: this.#shown, folder, profiles: [] as string[], sections: [] as Section[] }
    let defaultProfile: Named | undefined
    for (const item of items) {
      if (item.name === PROFILE) defaultProfile = this.#profileName(item)
      else if (item.name === PROFILES) {
        for (const profile of this.#items(item.value, item.place, `${PROFILES}: profiles by name`)) {
          file.profiles.push(profile.name)
          file.sections.push(...this.#sections(profile))
        }
      } else file.sections.push(this.#section(item))
    }
    return { ...file, ...(defaultProfile ? { defaultProfile } : {}) }
  }

  #sections({ name: profile, value, place }: Item): Section[] {
    const items = this.#items(value, place, `${profile}: ${SECTIONS}`)
    return items.map((item) => ({ ...this.#section(item), profile }))
  }

  #section({ name, place, value }: Item): Section {
    const items = this.#items(value, place, `${name}: flags`)
    const entries = items.map((item): Entry => ({ ...item, value: this.#value(item) }))
    return { name, place, entries }
  }

  #profileName({ place, value }: Item): Named {
    const node = this.#resolved(value)
    if (isScalar(node) && node.value !== null) return { name: textOf(node), place: this.#placeOfNode(node) }
    throw errorAt(node && !isEmpty(node) ? this.#placeOfNode(node) : place, `${PROFILE}: the name of one belongs there`)
  }

  /** The keys of a mapping; none where nothing stands behind its own key. */
  #items(given: Node | null, owner: Place, what: string): Item[] {
    const node = this.#resolved(given)
    if (node === null || (isScalar(node) && node.value === null)) return []
    if (!isMap(node)) throw errorAt(isEmpty(node) ? owner : this.#placeOfNode(node), `${what} belong there`, EXAMPLE)
    const items = node.items.map((pair) => this.#item(pair as Pair<Node, Node | null>))
    const seen = new Set<string>()
    for (const { name, place } of items) {
      if (seen.has(name)) throw errorAt(place, `${name}: this key stands there twice`)
      seen.add(name)
    }
    return items
  }

  #item({ key, value }: Pair<Node, Node | null>): Item {
    const node = this.#resolved(key)
    const name = isScalar(node) ? textOf(node) : ''
    // blanks are hard to see where an error begins with them
    if (name === '' || name !== name.trim())
      throw errorAt(this.#placeOfNode(key), 'a name belongs there, without blanks around it')
    return { name, place: this.#placeOfNode(key), value }
  }

  #value({ value, place }: Item): Value {
    const node = this.#resolved(value)
    if (!isSeq(node)) {
      const text = this.#text(node, place)
      return { texts: [text], isList: false, place: text.place }
    }
    const own = this.#placeOfNode(node)
    return { texts: node.items.map((item) => this.#text(this.#resolved(item as Node), own)), isList: true, place: own }
  }

  #text(node: Node | null, owner: Place): Text {
    const place = node && !isEmpty(node) ? this.#placeOfNode(node) : owner
    if (!isScalar(node) || node.value === null) return { text: '', kind: 'none', place }
    return { text: textOf(node), kind: typeof node.value === 'boolean' ? 'switch' : 'text', place }
  }

  /** What an alias stands for, so that errors name the place where it was written. */
  #resolved(node: Node | null): Exclude<Node, Alias> | null {
    if (!isAlias(node)) return node as Exclude<Node, Alias> | null
    const target = node.resolve(this.#document)
    if (!target || isAlias(target)) throw errorAt(this.#placeOfNode(node), `there is no anchor &${node.source}`)
    return target
  }

  #placeOfNode(node: Node): Place {
    return this.#placeOf(node.range?.[0] ?? 0)
  }

  #placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset)
    return { file: this.#shown, line: Math.max(line, 1), column: Math.max(col, 1) }
  }
}

/** What was typed: `010` stays so, which YAML would take for a number. */
function textOf({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value))
}

/** Whether nothing is written there: its place then is behind the line that its key is on. */
function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null && !node.source
}

function inOneLine(message: string): string {
  return message.split('\n')[0].replace(/:$/, '')
}
