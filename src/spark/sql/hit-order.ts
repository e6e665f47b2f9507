import { restartDistance } from '../../core/orbits/orbit-clock.js'
import { ORBIT_CYCLE } from '../../core/orbits/orbit-cycle.js'
import { refuse } from './messages.js'

/** Aggregate that gathers the hits and end marks of a partition: by offset, and place in the message, their orbit (NULL for an end mark). */
export const HITS_IN_ORDER = `sort_array(collect_list(
      IF(is_end OR class IN ('hits', 'scintillator'), struct(offset, place, IF(is_end, NULL, u) u), NULL)))`

/**
 * Ends the query where the hits of a micro-batch are not of one run: rows are joined by their orbit's number, so it must not
 * come twice. NULL where all is well.
 * @param hits as `HITS_IN_ORDER` gives them
 */
export function refuseOtherRuns(hits: string, topic: string, grace: number): string {
  const at = (offset: string) => `concat(${topic}, '/', partition, ' offset ', ${offset})`
  const fallsBack = `concat('orbits fall from ', so_far.highest % ${ORBIT_CYCLE}, ' to ', hit.u % ${ORBIT_CYCLE}, ' at ', ${at('hit.offset')}, ': the counter was started again, or an orbit is absurd')`
  const follows = `concat('rows follow the end mark of another run at ', ${at('hit.offset')})`
  const fault = `CASE WHEN hit.u IS NULL THEN NULL WHEN so_far.ended THEN ${follows}
    WHEN hit.u < so_far.highest - ${restartDistance(grace)} THEN ${fallsBack} END`
  const start = "named_struct('highest', CAST(NULL AS BIGINT), 'ended', FALSE, 'fault', CAST(NULL AS STRING))"
  const next = `named_struct('highest', greatest(so_far.highest, hit.u), 'ended', so_far.ended OR hit.u IS NULL,
    'fault', coalesce(so_far.fault, ${fault}))`
  const found = `aggregate(${hits}, ${start}, (so_far, hit) -> ${next}).fault`
  return `transform(array(${found}), fault -> IF(fault IS NULL, NULL, ${refuse('fault')}))[0]`
}
