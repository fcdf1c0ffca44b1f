"""Anything at all as words, files, labels and answers of others: errors of ours come out, never a traceback.

The ordinary suite takes few examples; tox -e fuzz takes a minute, or as many as OVS_DOCKER_FUZZ says.
"""
