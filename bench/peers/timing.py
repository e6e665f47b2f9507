"""What the peers share: the arguments, the columns, and timing inside the process, around the work alone."""

import argparse
import json
import time

COLUMNS = ["HEAD", "FPGA", "TDC_CHANNEL", "ORBIT_CNT", "BX_COUNTER", "TDC_MEAS"]

CHAMBERS = 4
OFFSETS_NS = [95.0 - 1.1, 95.0 + 6.4, 95.0 + 0.5, 95.0 - 2.6]
LOW_NS = -100.0
WIDTH_NS = 2.5
BINS = 260


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--work", required=True)
    parser.add_argument("--file", required=True)
    parser.add_argument("--passes", type=int, required=True)
    return parser.parse_args()


def measure(work, check, passes):
    """Two passes warm up, and one is checked; the others are timed, and end where the outcome is in the library's own form."""
    checked = check(work())
    work()
    wall, cpu = [], []
    for _ in range(passes):
        wall_start, cpu_start = time.perf_counter(), time.process_time()
        work()
        wall.append(time.perf_counter() - wall_start)
        cpu.append(time.process_time() - cpu_start)
    print(json.dumps({"wallS": wall, "cpuS": cpu, "check": checked}))


def six_results(channels, active, channels_with_scintillator, drift):
    """
    The form in which results are compared: `channels` etc. are (chamber, edge, count) triples, edge of `drift` the bin,
    -1 below and BINS above the histogram.
    """
    hits = [sum(n for chamber, _, n in channels if chamber == k) for k in range(CHAMBERS)]
    inside = [(chamber, bin, n) for chamber, bin, n in drift if 0 <= bin < BINS]
    outside = {(chamber, bin): n for chamber, bin, n in drift}
    return {
        "hit_count": sum(hits),
        "hit_count_chamber": hits,
        "tdc_counts_chamber": by_chamber(channels),
        "active_tdc_chamber": by_chamber(active),
        "tdc_counts_scintillator_chamber": by_chamber(channels_with_scintillator),
        "drift_time_chamber": by_chamber(inside),
        "underflow": [outside.get((k, -1), 0) for k in range(CHAMBERS)],
        "overflow": [outside.get((k, BINS), 0) for k in range(CHAMBERS)],
    }


def by_chamber(triples):
    lists = [[] for _ in range(CHAMBERS)]
    for chamber, edge, count in sorted(triples):
        lists[chamber].append([edge, count])
    return lists
