import { type MalformedSample, MOST_SAMPLES, sampleInWords } from '../process/malformed-samples.js'

/** Notes the first few records that cannot be read, and that there are more. */
export function createMalformedNotes(note: (text: string) => void): (samples: MalformedSample[]) => void {
  let shown = 0
  return (samples) => {
    for (const sample of samples) {
      if (shown > MOST_SAMPLES) return
      note(shown < MOST_SAMPLES ? sampleInWords(sample) : 'more records cannot be read; they are counted as malformed')
      shown++
    }
  }
}
