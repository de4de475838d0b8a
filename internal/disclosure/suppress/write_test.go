package suppress

import "encoding/json"

// asJSON writes releases and their answers for a program in another language.
func asJSON(r Releases, as []Answer) []byte {
	type m = map[string]any
	var tables []m
	for i, t := range r.Tables {
		var dims, cells []m
		for _, d := range t.Dimensions {
			dims = append(dims, m{"codes": d.Codes, "total": d.Total, "parents": d.Parents})
		}
		for k, c := range t.Cells {
			x := m{"key": c.Key, "n": c.N}
			if as != nil {
				x["hidden"] = as[i][k].Why != Shown
			}
			cells = append(cells, x)
		}
		tables = append(tables, m{"dimensions": dims, "cells": cells, "threshold": t.Rule.Threshold})
	}
	links := [][][]any{}
	for _, l := range r.Links {
		one := [][]any{{l.Total.Release, l.Total.Key}}
		for _, p := range l.Parts {
			one = append(one, []any{p.Release, p.Key})
		}
		links = append(links, one)
	}
	b, err := json.Marshal(m{"tables": tables, "links": links, "sequence": r.Sequence})
	if err != nil {
		panic(err)
	}
	return b
}
