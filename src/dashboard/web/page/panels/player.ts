import { byId, setText } from '../elements.js'
import { moment } from '../words.js'

/** The slider has at most so many places. */
const MOST_STEPS = 2000

export interface PlayerActions {
  moveTo(atMs: number): void
  play(speed: number): void
  pause(): void
}

/** The slider over a recorded run. */
export class Player {
  private readonly slider = byId('slider', HTMLInputElement)
  private readonly button = byId('play', HTMLButtonElement)
  private readonly speed = byId('speed', HTMLSelectElement)
  private playing = false

  constructor({ startMs, endMs }: { startMs: number; endMs: number }, actions: PlayerActions) {
    byId('player', HTMLElement).hidden = false
    const step = stepOf(endMs - startMs)
    this.slider.step = String(step)
    this.slider.min = String(Math.floor(startMs / step) * step)
    this.slider.max = String(Math.ceil(endMs / step) * step)
    this.slider.addEventListener('input', () => actions.moveTo(Number(this.slider.value)))
    this.button.addEventListener('click', () => (this.playing ? actions.pause() : actions.play(this.chosenSpeed())))
    this.speed.addEventListener('change', () => {
      if (this.playing) actions.play(this.chosenSpeed())
    })
  }

  show(atMs: number, playing: boolean): void {
    this.playing = playing
    this.slider.value = String(atMs)
    this.slider.setAttribute('aria-valuetext', moment(atMs))
    setText(this.button, playing ? 'Pause' : 'Play')
    setText(byId('at', HTMLElement), moment(atMs))
  }

  private chosenSpeed(): number {
    return Number(this.speed.value)
  }
}

/** A second, or twice that as often as it takes: the edges of the slots that a recorded run is kept in. */
function stepOf(lengthMs: number): number {
  let step = 1000
  while (lengthMs / step > MOST_STEPS) step *= 2
  return step
}
