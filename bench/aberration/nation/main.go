// Command nation times the weekly run of a whole country: the newest week of 2,000 substances in 21 areas by 3 kinds of report,
// 126,000 series of ten years, by the default detector; the same for the 6,000 sums over areas; a prospective scan of the map for each of
// these; and control of false discoveries over all. It prints time and peak memory, the invention of the country included.
//
//	go run ./bench/aberration/nation [-substances 2000] [-seed 1] [-equal 0] [-workers 0]
package main

import (
	"flag"
	"fmt"
	"os"
	"syscall"
	"time"
)

func main() {
	substances := flag.Int("substances", 2000, "how many substances")
	seed := flag.Uint64("seed", 1, "what the country is invented from")
	equal := flag.Float64("equal", 0, "reports a week of every substance, all alike; 0 for common and rare ones as in a country")
	workers := flag.Int("workers", 0, "goroutines; 0 for all cores")
	flag.Parse()
	if *substances < 1 || *equal < 0 {
		fmt.Fprintln(os.Stderr, "nation: -substances must be 1 or more, -equal 0 or more")
		os.Exit(2)
	}
	t := time.Now()
	c := newCountry(*substances, *seed, *equal)
	empty, few, cases := c.sparsity()
	fmt.Printf("country: %d series of %d weeks, %d cases, %.0f%% of the series without any, %.0f%% with fewer than 20; %d outbreaks; invented in %.1f s\n",
		c.series(), weeks, cases, 100*empty, 100*few, c.planted, time.Since(t).Seconds())
	t = time.Now()
	r, err := run(c, *workers)
	if err != nil {
		fmt.Fprintln(os.Stderr, "nation:", err)
		os.Exit(1)
	}
	fmt.Printf("detectors: %d series, %d alarms, %.2f s\n", len(r.p), r.alarms, r.detect.Seconds())
	fmt.Printf("scans: %d maps, %d with p <= 0.01, %.2f s\n", len(r.verdicts), r.clusters, r.scan.Seconds())
	fmt.Printf("false discovery rate 5%%: %d series, %d maps, %.2f s\n", r.found, r.foundMaps, r.adjust.Seconds())
	hit, fresh, wrong := r.truth(c)
	fmt.Printf("of these: %d of %d outbreaks, %d series of substances new in two years, %d false\n", hit, c.planted, fresh, wrong)
	fmt.Printf("whole run: %.2f s", time.Since(t).Seconds())
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) == nil {
		fmt.Printf(", CPU %.2f s with the invention, peak memory %.0f MB", float64(u.Utime.Nano()+u.Stime.Nano())/1e9, float64(u.Maxrss)/1024)
	}
	fmt.Println()
}

func (c *country) sparsity() (empty, few float64, cases int) {
	for i := range c.series() {
		sum := 0
		for _, y := range c.row(i) {
			sum += int(y)
		}
		cases += sum
		if sum == 0 {
			empty++
		}
		if sum < 20 {
			few++
		}
	}
	n := float64(c.series())
	return empty / n, few / n, cases
}
