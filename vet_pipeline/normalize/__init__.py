"""Text from a PIMS in, typed values or reasons out. Pure: nothing is read or stored here.

What a value means is decided here and only here; docs/normalizing.md lists every rule and reason.
Nothing is imported here: a reader takes the conventions and needs no rule. Baselines are kept raw
and normalized again by today's rules before they are compared; so is what another release has
normalized (`version`).

Rows: `clients` and `pets`, by `rows`; `keys` says which can be taken at all, `columns` what comes
out, `conventions` how a practice writes things down. Values: `text` cleans any; `names`, of
`name_parts`, `name_notes` and `organisations`; `addresses` and `places`; `phones` and `phone_plan`;
`emails`, `dates`, `weights`, `species`, `deceased`. Why it is quick: `distinct`, `plain`,
`plain_addresses`, `plain_phones`. What to mind before a first copy: `first_copy`.
"""
