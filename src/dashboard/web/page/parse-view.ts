import type { DashboardView } from '../../view.js'

/** A view as it was sent: JSON has null where an array has an undefined entry. */
export function parseView(json: string): DashboardView {
  const view = JSON.parse(json) as DashboardView
  return { ...view, health: { ...view.health, edges: view.health.edges.map((fit) => fit ?? undefined) } }
}
