"""Small files and diffs with planted faults: a line that ends in ``§rule`` has one; ``§?`` is one that only a
reader who understands the code finds.
"""
