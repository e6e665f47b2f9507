import type { Result } from '../results/result.js'
import type { RunFile } from '../run-file/run-file.js'
import { type Axis, binCentre, type Histogram, type Origin } from './histogram.js'
import { histogramsOf, originOf } from './histograms-of.js'

/**
 * A result as JSON that ROOT writes and reads (`TBufferJSON`) and JSROOT parses: a TFolder of TH1D and TH2D. Errors are those
 * of counts, the square root of each bin, as no sums of squares are kept (`fSumw2` is empty).
 * @throws ExpectedError where the result was made with another run file
 */
export function rootJson(result: Result, run: RunFile): string {
  const histograms = histogramsOf(result, run).map(toHistogram)
  const folder = {
    _typename: 'TFolder',
    fUniqueID: 0,
    fBits: OWN_FOLDER_LIST,
    fName: 'dtstream',
    fTitle: inWords(originOf(result, run)),
    fFolders: list('TList', histograms),
    fIsOwner: false,
  }
  return `${JSON.stringify(folder)}\n`
}

/** `TFolder::kOwnFolderList`, `TObject::kMustCleanup` */
const OWN_FOLDER_LIST = 1 << 15
const MUST_CLEANUP = 1 << 3
/** `TH1::EStatOverflows::kNeutral`: what lies beyond the axis is in no mean, as ROOT has it by default */
const NEUTRAL = 2
const AS_IT_IS = -1111

function inWords({ run, geometry, start, end }: Origin): string {
  const when = start === '' ? 'no rows' : `rows taken in from ${start} to ${end}`
  return `run ${run} (geometry ${geometry}), ${when}`
}

function toHistogram(histogram: Histogram): unknown {
  const { name, title, x, y, counted, counts, beyond } = histogram
  const { underflow, overflow } = beyond ?? { underflow: 0, overflow: 0 }
  return {
    _typename: y ? 'TH2D' : 'TH1D',
    ...{ fUniqueID: 0, fBits: MUST_CLEANUP, fName: name, fTitle: title },
    ...{ fLineColor: 602, fLineStyle: 1, fLineWidth: 1, fFillColor: 0, fFillStyle: 1001 },
    ...{ fMarkerColor: 1, fMarkerStyle: 1, fMarkerSize: 1 },
    fNcells: (x.bins + 2) * (y ? y.bins + 2 : 1),
    fXaxis: toAxis('xaxis', x),
    fYaxis: toAxis('yaxis', y ?? { ...UNUSED, label: counted }),
    fZaxis: toAxis('zaxis', { ...UNUSED, label: y ? counted : '' }),
    ...{ fBarOffset: 0, fBarWidth: 1000 },
    fEntries: sum(counts) + underflow + overflow,
    ...momentsOf(histogram),
    ...{ fMaximum: AS_IT_IS, fMinimum: AS_IT_IS, fNormFactor: 0, fContour: [], fSumw2: [] },
    fOption: y ? 'colz' : 'hist',
    fFunctions: list('TList', []),
    ...{ fBufferSize: 0, fBuffer: [], fBinStatErrOpt: 0, fStatOverflows: NEUTRAL },
    ...(y ? { fScalefactor: 1, ...momentsWithY(histogram, y) } : {}),
    fArray: y ? framed(counts, x.bins) : [underflow, ...counts, overflow],
  }
}

const UNUSED = { bins: 1, low: 0, high: 1 }

function toAxis(fName: string, { label, bins, low, high, categories }: Omit<Axis, 'name'>): unknown {
  return {
    ...{ _typename: 'TAxis', fUniqueID: 0, fBits: 0, fName, fTitle: label },
    ...{ fNdivisions: 510, fAxisColor: 1, fLabelColor: 1, fLabelFont: 42, fLabelOffset: 0.005, fLabelSize: 0.035 },
    ...{
      fTickLength: 0.03,
      fTitleOffset: fName === 'yaxis' ? 0 : 1,
      fTitleSize: 0.035,
      fTitleColor: 1,
      fTitleFont: 42,
    },
    ...{ fNbins: bins, fXmin: low, fXmax: high, fXbins: [] },
    ...{ fFirst: 0, fLast: 0, fBits2: 0, fTimeDisplay: false, fTimeFormat: '' },
    fLabels: categories ? list('THashList', categories.map(toLabel)) : null,
    fModLabs: null,
  }
}

/** A bin is known by the label's `fUniqueID`, from 1. */
function toLabel(fString: string, bin: number): unknown {
  return { _typename: 'TObjString', fUniqueID: bin + 1, fBits: 0, fString }
}

function list(_typename: string, arr: readonly unknown[]): unknown {
  return { _typename, name: _typename, arr, opt: arr.map(() => '') }
}

/** ROOT's sums over what was filled, without what lies beyond the axes; a value is known by the middle of its bin. */
function momentsOf({ x, counts }: Histogram) {
  const at = (i: number) => binCentre(x, i % x.bins)
  return {
    fTsumw: sum(counts),
    // of the squares of weights, which are 1
    fTsumw2: sum(counts),
    fTsumwx: sum(counts.map((count, i) => count * at(i))),
    fTsumwx2: sum(counts.map((count, i) => count * at(i) ** 2)),
  }
}

function momentsWithY({ x, counts }: Histogram, y: Axis) {
  const at = (i: number) => binCentre(y, Math.floor(i / x.bins))
  return {
    fTsumwy: sum(counts.map((count, i) => count * at(i))),
    fTsumwy2: sum(counts.map((count, i) => count * at(i) ** 2)),
    fTsumwxy: sum(counts.map((count, i) => count * binCentre(x, i % x.bins) * at(i))),
  }
}

/** With the bins around, where nothing can be: x changes fastest. */
function framed(counts: readonly number[], width: number): number[] {
  const edge = new Array<number>(width + 2).fill(0)
  const rows = Array.from({ length: counts.length / width }, (_, row) => counts.slice(row * width, (row + 1) * width))
  return [...edge, ...rows.flatMap((row) => [0, ...row, 0]), ...edge]
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
