"""Text from a PIMS in, typed values or reasons out. Pure: nothing is read or stored here.

What a value means is decided here and only here; docs/normalizing.md lists every rule and reason.
Nothing is imported here: a reader takes the conventions and needs no rule. Baselines are kept raw
and normalized again by today's rules before they are compared; so is what another release has
normalized (version.py).
"""
