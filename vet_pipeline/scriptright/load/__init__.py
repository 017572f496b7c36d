"""A load: one snapshot applied in one transaction. docs/rules.md sections 2, 3 and 7.

`apply` calls `apply_staging`, `apply_matching`, `apply_records`, `apply_changes` and
`apply_writes`; `ledger` keeps what came of it. Whom the matcher is asked about, and what its word
is worth: `match_watch`, `earlier_links`, `kept_apart`, `open_questions`, `past_matches`, `taken`,
`others_now`, `other_lifetimes`, `missing_pets`. Rows that are missing, come back, repeat or
contradict each other: `unseen`, `put_off`, `told_before`, `came_back`, `handed_on`, `taken_back`,
`set_aside`. Links whose sides have drifted apart are put up for a person: `link_reviews`. What the
guards ask before all of that: `known`, and what they doubt: `doubted`; what the planner hears after
it: `tell_planner`.
"""
