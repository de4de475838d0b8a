#!/bin/sh
# Times survey estimates in Go and in R survey, on the same sample of 100,000 respondents in 200 units, one after the other on one core, and prints how many times faster Go is.
# Times are those of the processor, the least of five runs, so that other work on the machine does not count. Both must have the same estimates and standard errors to nine digits.
# Without R or without the package survey it prints the times of Go alone.
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
elif ! Rscript -e 'quit(status = !requireNamespace("survey", quietly = TRUE))' >/dev/null 2>&1; then
	echo "R has no package survey: times of Go alone"
else
	$one Rscript times.R >"$dir/r.txt"
fi
awk '
	function off(a, b) { d = a - b; if (d < 0) d = -d; if (b < 0) b = -b; return d > 1e-9 * b }
	FNR == NR { r[$1] = $2; value[$1] = $3; se[$1] = $4; next }
	/^Result/ {
		name = substr($1, 7); sub(/-[0-9]+$/, "", name)
		if (name in value && (off($2, value[name]) || off($3, se[name]))) { print name ": Go has " $2 ", " $3 "; R has " value[name] ", " se[name]; wrong = 1 }
	}
	/^Benchmark/ { name = substr($1, 10); sub(/-[0-9]+$/, "", name) }
	/cpu-ns\/op/ {
		for (i = 2; i <= NF; i++) if ($i == "cpu-ns/op") ns = $(i - 1)
		if (!(name in go)) { order[++n] = name; go[name] = ns }
		if (ns + 0 < go[name] + 0) go[name] = ns
	}
	END {
		printf "%-22s %14s %14s %8s\n", "one estimate", "Go, ms", "R, ms", "ratio"
		for (i = 1; i <= n; i++) {
			k = order[i]
			if (k in r) printf "%-22s %14.3f %14.1f %8.0f\n", k, go[k] / 1e6, r[k] / 1e6, r[k] / go[k]
			else printf "%-22s %14.3f %14s %8s\n", k, go[k] / 1e6, "-", "-"
		}
		exit wrong
	}' "$dir/r.txt" "$dir/go.txt"
