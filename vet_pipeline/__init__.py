"""The domain of the pipeline: what PIMS data mean and what may happen to them.

Nothing in here imports Dagster, except `definitions.py`, the composition root.
"""

import atexit
import gc
import os

# A load makes rows by the thousand and hardly a cycle, as importing pandas and SQLAlchemy does:
# Python's default, to look for cycles after every 700 objects, costs a run 0.2 CPU-seconds.
gc.set_threshold(50_000, 20, 50)
# At its end Python looks through all objects once more, for 0.3 CPU-seconds: the system takes
# their memory back anyway. Frozen objects are passed over.
atexit.register(gc.freeze)
# numpy's OpenBLAS starts a thread a core, which spins for 0.13 CPU-seconds and then waits for
# matrices that nobody here multiplies.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
