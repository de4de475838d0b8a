"""Attacks numbers of which some are hidden with linear programs of scipy (HiGHS), written without a look at the Go code.

Reads {"n": [...], "hidden": [...], "sums": [[whole, part, ...], ...], "ask": [places]} and writes, for each hidden number that is asked about, [place, least, greatest], rounded inwards.
A hidden number is at least 1.
"""
import json, math, sys
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

q = json.load(sys.stdin)
n, hidden = q["n"], q["hidden"]
column, rows = {}, []
for i, h in enumerate(hidden):
    if h:
        column[i] = len(column)
for whole, *parts in q["sums"]:
    terms = [(whole, -1)] + [(p, 1) for p in parts]
    unknown = [(column[i], v) for i, v in terms if i in column]
    if unknown:
        rows.append((unknown, -sum(v * n[i] for i, v in terms if i not in column)))
r = [(k, j, v) for k, (terms, _) in enumerate(rows) for j, v in terms]
A = coo_matrix(([v for _, _, v in r], ([k for k, _, _ in r], [j for _, j, _ in r])), shape=(len(rows), len(column))).tocsr()
b = np.array([x for _, x in rows])

out = []
for i in q["ask"]:
    ends = []
    for sign in (1, -1):
        c = np.zeros(len(column))
        c[column[i]] = sign
        # An end far beyond what matters says as much as the true one, and keeps every program bounded.
        box = [(1, n[k] + 50) for k in column]
        s = linprog(c, A_eq=A, b_eq=b, bounds=box, method="highs")
        if s.status != 0:
            raise RuntimeError(s.message)
        ends.append(sign * s.fun)
    out.append([i, math.ceil(ends[0] - 1e-6), math.floor(ends[1] + 1e-6)])
json.dump(out, sys.stdout)
