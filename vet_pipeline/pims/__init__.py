"""PIMS connectors (a folder each: connector.toml + SQL) and the one reader that runs them.

What leaves here is the raw snapshot of vet_pipeline/snapshots/contract.py, as text. Nothing here
knows ScriptRight or PostgreSQL as a target.
"""
