"""Trains the bundled reader.

It needs torch and transformers, which nothing else does:

    pip install torch transformers
    python -m evals.reader.train --help
"""
