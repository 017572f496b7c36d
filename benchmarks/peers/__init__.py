"""The whole core job beside dlt, Sling and a hand-written floor, on the same tables in one go.

`copy_by_dlt.py` and `floor.py` run in an environment of their own that `install.py` makes, and
import nothing of the project; the rest runs here.
"""
