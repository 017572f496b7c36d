"""Communities: what two files say about places where the usual evidence fails; see `places.py`."""
