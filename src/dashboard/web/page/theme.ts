import { byId } from './elements.js'

const KEY = 'dtstream.theme'

/** Lets the viewer choose light or dark, and follows the system where he does not. @param onChange called when colours have changed */
export function setUpTheme(onChange: () => void): void {
  const select = byId('theme', HTMLSelectElement)
  const system = matchMedia('(prefers-color-scheme: dark)')
  const apply = () => {
    const dark = select.value === 'dark' || (select.value === 'auto' && system.matches)
    const theme = dark ? 'dark' : 'light'
    if (document.documentElement.dataset.theme === theme) return
    document.documentElement.dataset.theme = theme
    onChange()
  }
  select.value = localStorage.getItem(KEY) ?? 'auto'
  if (select.selectedIndex < 0) select.value = 'auto'
  select.addEventListener('change', () => {
    localStorage.setItem(KEY, select.value)
    apply()
  })
  system.addEventListener('change', apply)
  apply()
}
