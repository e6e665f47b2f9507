import type { Rect } from './layout.js'

/** What a mouse does on a screen of characters, both counted from 0. */
export interface MouseEvent {
  readonly action: 'click' | 'wheel up' | 'wheel down'
  readonly column: number
  readonly row: number
}

/** Keys that one step of a wheel is as good as. */
const WHEEL_STEP = 3

/** Which keys clicks are as good as, by where they fall; places that are laid on others come first. */
export class Clicks {
  private places: { rect: Rect; key: string }[] = []

  clear(): void {
    this.places = []
  }

  add(rect: Rect, key: string): void {
    this.places.unshift({ rect, key })
  }

  /** The keys that do what the mouse wants, in turn. */
  keysOf({ action, column, row }: MouseEvent): string[] {
    if (action !== 'click') return new Array<string>(WHEEL_STEP).fill(action === 'wheel up' ? 'up' : 'down')
    const place = this.places.find(({ rect }) => holds(rect, column, row))
    return place ? [place.key] : []
  }
}

function holds({ left, top, width, height }: Rect, column: number, row: number): boolean {
  return column >= left && column < left + width && row >= top && row < top + height
}
