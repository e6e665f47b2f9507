import { byId, setText } from '../elements.js'
import { moment } from '../words.js'

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
    this.slider.min = String(startMs)
    this.slider.max = String(endMs)
    this.slider.step = String(Math.max(1, Math.min(1000, Math.round((endMs - startMs) / 1000))))
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
