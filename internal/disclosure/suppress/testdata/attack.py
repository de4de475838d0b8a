"""Attacks answers with linear programs of scipy (HiGHS), written without a look at the Go code.

Reads releases as JSON lines {"tables": [{"dimensions": [{"codes", "total", "parents"}], "cells": [{"key", "n", "hidden"}], "threshold"}], "links": [[total, part, ...], ...],
"sequence": bool} and writes for each {"hidden", "primary", "narrow": [[table, key, lo, hi], ...], "excused": number}.
"""
import itertools, json, math, sys
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_matrix


def equations(tables, links):
    """Sums as (total, parts) over cells (table, key)."""
    for i, t in enumerate(tables):
        dims = t["dimensions"]
        for d, dim in enumerate(dims):
            parents, total = dim["parents"] or {}, dim["total"]
            children = {}
            for c in dim["codes"]:
                if c in parents:
                    children.setdefault(parents[c], []).append(c)
                elif total and c != total:
                    children.setdefault(total, []).append(c)
            others = [x["codes"] if k != d else [None] for k, x in enumerate(dims)]
            for key in itertools.product(*others):
                for p, cs in children.items():
                    yield (i, key[:d] + (p,) + key[d + 1:]), [(i, key[:d] + (c,) + key[d + 1:]) for c in cs]
    for l in links:
        cells = [(i, tuple(k)) for i, k in l]
        yield cells[0], cells[1:]


def interval(cell, hidden, n, eqs):
    """Least and greatest value of a hidden cell, rounded inwards."""
    index = {c: j for j, c in enumerate(hidden)}
    rows, cols, vals, b = [], [], [], []
    for total, parts in eqs:
        terms = [(total, -1)] + [(p, 1) for p in parts]
        inside = [(index[c], v) for c, v in terms if c in index]
        if not inside:
            continue
        for j, v in inside:
            rows.append(len(b)); cols.append(j); vals.append(v)
        b.append(-sum(v * n[c] for c, v in terms if c not in index))
    A = csr_matrix((vals, (rows, cols)), shape=(len(b), len(hidden))) if b else None
    ends = []
    for sign in (1, -1):
        c = np.zeros(len(hidden)); c[index[cell]] = sign
        r = linprog(c, A_eq=A, b_eq=b or None, bounds=(1, None), method="highs")
        if r.status == 3:
            ends.append(math.inf)
        elif r.status == 0:
            ends.append(r.x[index[cell]])
        else:
            raise RuntimeError(r.message)
    lo, hi = math.ceil(ends[0] - 1e-6), ends[1] if math.isinf(ends[1]) else math.floor(ends[1] + 1e-6)
    return lo, hi


def attack(case):
    tables, seq = case["tables"], case["sequence"]
    n = {(i, tuple(c["key"])): c["n"] for i, t in enumerate(tables) for c in t["cells"]}
    hid = {(i, tuple(c["key"])) for i, t in enumerate(tables) for c in t["cells"] if c["hidden"]}
    eqs = list(equations(tables, case["links"]))
    primary = [c for c, v in n.items() if 0 < v < tables[c[0]]["threshold"]]
    narrow, excused = [], 0
    for c in hid:
        if n[c] == 0:
            narrow.append([c[0], list(c[1]), 0, 0])  # a zero is never hidden
    stages = range(len(tables)) if seq else [len(tables) - 1]
    for stage in stages:
        own = [(t, p) for t, p in eqs if all(x[0] <= stage for x in [t] + p)]
        hidden = sorted(c for c in hid if c[0] <= stage)
        everything = sorted(c for c in n if c in hid and c[0] < stage or c[0] == stage and n[c] > 0)
        for c in primary:
            if c[0] > stage:
                continue
            if c not in hid:
                narrow.append([c[0], list(c[1]), n[c], n[c]])
                continue
            need = tables[c[0]]["threshold"] - 1
            lo, hi = interval(c, hidden, n, own)
            if hi - lo < need:
                if seq and stage > 0:
                    l2, h2 = interval(c, everything, n, own)
                    if h2 - l2 < need:
                        excused += 1
                        continue
                narrow.append([c[0], list(c[1]), lo, hi if hi < math.inf else None])
    return {"hidden": len(hid), "primary": len(primary), "narrow": narrow, "excused": excused}


for line in sys.stdin:
    if line.strip():
        print(json.dumps(attack(json.loads(line))), flush=True)
