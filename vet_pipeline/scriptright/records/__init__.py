"""Records and their values, whoever writes them: loads, persons and the web shop build on this.

One form for all values: `values`. Single records: `writes`; as a side for the matcher: `sides`.
What the PIMS said: `baseline`, `pims_values`. Who is who, as digests: `identity`; whether the two
sides of a link have drifted apart: `apart`; whether a PIMS row is another's by now: `another`,
`in_question`; both by `likeness`. What becomes of values when two are one: `merge`, with `shadows`;
of changes that meet in one load: `rivals`. What waits for a person: `suggestions`. A field's life
played again: `replay`; a prescription's: `label_life`, and what a new name or owner means for it:
`consequences`.
"""
