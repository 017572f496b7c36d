"""What is kept for good: who did what, when and why. docs/rules.md section 7.

Every act by a person is framed by `acts` and stands, like every load, in the chained `audit`; the
chain's heads are kept outside (`witness`) and compared with it (`audit_heads`). A record's whole
story: `history`, of `history_events` and `history_links`.
"""
