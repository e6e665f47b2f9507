import type * as Api from '@bokeh/bokehjs/build/js/lib/api/main.js'
import type * as Core from '@bokeh/bokehjs/build/js/lib/main.js'

declare global {
  /** BokehJS, as the two scripts that index.html loads before this leave it behind. */
  const Bokeh: typeof Core & typeof Api
}

export type Figure = Api.Plotting.Figure
export type Axis = Figure['axes'][number]
