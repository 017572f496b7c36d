"""A person's word, each in one transaction of its own. docs/rules.md sections 2, 4 and 6.

On a held snapshot: `holds`. On a suggestion: `review`, with `shown` and `whose`; a no taken back:
`reopening`. Prescriptions to be written anew: `labels`. What no suggestion was made of, as an
earlier release had misread it: `misread`. On a match or a link `links` is the door for those
outside: `candidates`, `candidate_list`, `link_explained`, `link_sample`, `links_in_question`,
`rows_in_question`. What follows from it: `placing`, `pet_placing`, `linking`. Two records that
nobody proposed: `joining`, `take_back`. A link undone: `unmerge`, by `past`, `restore`, `regroup`
and, for prescriptions, `restore_labels`.
"""
