/** What can be on the screen. */
export const PAGES = ['overview', 'chamber', 'rates', 'health'] as const
export type Page = (typeof PAGES)[number]
