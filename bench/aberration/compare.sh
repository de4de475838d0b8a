#!/bin/sh
# Times detectors in Go and in R surveillance, on the same series, one after the other on one core, and prints how many times faster Go is.
# Times are those of the processor, the least of five runs, so that other work on the machine does not count.
# Without R or without the package surveillance it prints the times of Go alone.
set -eu
cd "$(dirname "$0")"
one=
if command -v taskset >/dev/null 2>&1; then
	cores=$(taskset -pc $$ | sed 's/.*: //; s/.*[,-]//')
	one="taskset -c $cores"
fi
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
go test -c -o "$dir/bench.test" .
GOMAXPROCS=1 $one "$dir/bench.test" -test.run '^$' -test.bench . -test.benchtime 300ms -test.count 5 >"$dir/go.txt"
: >"$dir/r.txt"
if ! command -v Rscript >/dev/null 2>&1; then
	echo "R is not installed: times of Go alone"
elif ! Rscript -e 'quit(status = !requireNamespace("surveillance", quietly = TRUE))' >/dev/null 2>&1; then
	echo "R has no package surveillance: times of Go alone"
else
	$one Rscript times.R >"$dir/r.txt"
fi
awk '
	FNR == NR { r[$1] = $2; next }
	/^Benchmark/ {
		name = substr($1, 10); sub(/-[0-9]+$/, "", name)
		for (i = 2; i < NF; i++) if ($(i + 1) == "cpu-ns/op") ns = $i
		if (!(name in go)) { order[++n] = name; go[name] = ns }
		if (ns + 0 < go[name] + 0) go[name] = ns
	}
	END {
		printf "%-22s %14s %14s %8s\n", "one evaluation", "Go, ns", "R, ns", "ratio"
		for (i = 1; i <= n; i++) {
			k = order[i]
			if (k in r) printf "%-22s %14.0f %14.0f %8.0f\n", k, go[k], r[k], r[k] / go[k]
			else printf "%-22s %14.0f %14s %8s\n", k, go[k], "-", "-"
		}
	}' "$dir/r.txt" "$dir/go.txt"
