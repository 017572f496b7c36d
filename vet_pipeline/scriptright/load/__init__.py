"""A load: one snapshot applied in one transaction. docs/rules.md sections 2, 3 and 7.

`apply` calls `apply_staging`, `apply_baseline`, `apply_matching`, `apply_records`, `apply_changes`
and `apply_writes`; `ledger` keeps what came of it. What the guards ask before: `known`; what the
planner hears after it: `tell_planner`.

Newcomers. Whom the matcher isn't shown, or may not take: `earlier_links`, `kept_apart`, `taken`.
What its word is worth: `match_watch`, `pets_in_doubt`; `asked_instead` makes a question of a link,
`possible_matches` keeps the questions. What a missing record had said before them, asked again when
that is back: `told_before`. Whom a pet's record may go on by that is no newcomer: `gone_beside`.

Changes. Back after a blank: `came_back`; of a row that says another: `handed_on`, `taken_back`;
of an email that is another client's or the practice's: `logins`.
Links whose sides have drifted apart are put up for a person: `link_reviews`.
"""
