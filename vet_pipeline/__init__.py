"""The domain of the pipeline: what PIMS data mean and what may happen to them.

Nothing in here imports Dagster, except `definitions.py`, the composition root.
"""
