type Attributes = Readonly<Record<string, string | undefined>>

/** An element with attributes and content; attributes that are undefined are left out. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...content: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value)
  made.append(...content)
  return made
}

/** The element of index.html with this id. */
export function byId<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id)
  if (!(found instanceof type)) throw new Error(`index.html lacks #${id}`)
  return found
}

/** Sets text where it differs: what stays as it is costs the browser nothing, and a screen reader is not told again. */
export function setText(target: Element, text: string): void {
  if (target.textContent !== text) target.textContent = text
}
