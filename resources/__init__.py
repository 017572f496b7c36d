"""Dagster resources: how assets reach the PIMS, the snapshots, ScriptRight and the mail server.

Typed settings and an opener each. Nothing is opened, imported or read from the environment before
an asset, check, sensor or job asks for it.
"""
