"""What must hold of each asset: Great Expectations suites, the guards, and ScriptRight's accounts.

Suites come from the contract, the normalizing rules and the field policy, never from lists copied
here. Every check is partitioned by practice and blocks that practice alone.
"""
