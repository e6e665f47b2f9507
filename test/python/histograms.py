"""Reads a file of histograms by uhi, boost-histogram and hist: what each finds in every one of them, as JSON."""

import json
import sys

import boost_histogram
import hist
import uhi.io.json
import uhi.schema

[file] = sys.argv[1:]


def contents(histogram):
    """Counts with those beyond the axes, the first axis outermost; edges or names of each axis."""
    return {
        "counts": histogram.values(flow=True).tolist(),
        "sum": int(histogram.sum(flow=True)),
        "axes": [list(axis) if axis.traits.ordered is False else axis.edges.tolist() for axis in histogram.axes],
        "flow": [[axis.traits.underflow, axis.traits.overflow] for axis in histogram.axes],
    }


def words(histogram):
    return {
        "name": histogram.name,
        "label": histogram.label,
        "axes": [[axis.name, axis.label] for axis in histogram.axes],
    }


uhi.schema.validate(uhi.schema.load(file))
with open(file, encoding="utf-8") as text:
    found = json.load(text, object_hook=uhi.io.json.object_hook)
by_hist = {name: hist.Hist(histogram) for name, histogram in found.items()}
print(
    json.dumps(
        {
            "boost-histogram": {name: contents(boost_histogram.Histogram(one)) for name, one in found.items()},
            "hist": {name: contents(one) for name, one in by_hist.items()},
            "words": {name: words(one) for name, one in by_hist.items()},
            "metadata": {name: one["metadata"] for name, one in found.items()},
            # by its name and number, as an analysis would
            "scintillator": int(by_hist["rows"][hist.loc("scintillator")]),
            "wire 5": {
                str(layer): int(by_hist["map_chamber_2"][{"wire": hist.loc(5), "layer": hist.loc(layer)}])
                for layer in (1, 2, 3, 4)
            },
        }
    )
)
