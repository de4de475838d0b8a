package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os/exec"
	"strings"

	"github.com/baqylau/baqylau/aberration"
	"github.com/baqylau/baqylau/aberration/simulate"
)

// besideR lets simulated.R judge the series with the current outbreak, as well as ours, and counts the alarms in which they differ. It
// runs in the root of the source.
func besideR(all []simulate.Sample, workers int) error {
	words := make([][]string, len(all))
	errs := make([]error, len(all))
	const chunk = 42
	aberration.Batch((len(all)+chunk-1)/chunk, workers, func(i int, _ *aberration.Worker) {
		part := all[i*chunk : min(len(all), (i+1)*chunk)]
		var lines [][]string
		lines, errs[i] = askR(part)
		copy(words[i*chunk:], lines)
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	fmt.Print("| | 1 - specificity | POD | POD first week | sensitivity | PPV | F1 | timeliness | weeks judged | alarms that differ from ours |\n|---|---|---|---|---|---|---|---|---|---|\n")
	for k, c := range []contender{
		{"farringtonFlexible, noufaily", noufaily()}, {"EARS C1", likeR(aberration.C1())}, {"EARS C2", likeR(aberration.C2())}, {"EARS C3", likeR(aberration.C3())},
		{"Bayes 1", aberration.NewBayes(0, 6, true, 0.01)}, {"Bayes 2", aberration.NewBayes(1, 6, true, 0.01)}, {"Bayes 3", aberration.NewBayes(2, 4, false, 0.01)},
	} {
		var score simulate.Score
		var m aberration.Memory
		judged, differ := 0, 0
		for i := range all {
			theirs := make([]bool, len(words[i][k]))
			for j, w := range words[i][k] {
				theirs[j] = w == '1'
			}
			score.Add(&all[i], theirs, nil)
			for j, a := range alarms(c.d, all[i].Counts, all[i].First, 0, &m) {
				judged++
				if a != theirs[j] {
					differ++
				}
			}
		}
		fmt.Printf("| R: %s | %.4f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | %d | %d |\n", c.name, 1-score.Specificity(), score.POD(), score.FirstWeekPOD(), score.Sensitivity(), score.PPV(), score.F1(), score.Timeliness(), judged, differ)
	}
	ours := sum(judge(aberration.Default(), all, 0, workers))
	fmt.Printf("| Default() | %.4f | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f | | |\n", 1-ours.Specificity(), ours.POD(), ours.FirstWeekPOD(), ours.Sensitivity(), ours.PPV(), ours.F1(), ours.Timeliness())
	return nil
}

// likeR takes constant baselines as R does.
func likeR(d aberration.EARS) aberration.EARS {
	d.Mode = aberration.Reference
	return d
}

func askR(part []simulate.Sample) ([][]string, error) {
	var in, fault bytes.Buffer
	for _, s := range part {
		fmt.Fprintln(&in, strings.Trim(fmt.Sprint(s.Counts), "[]"))
	}
	cmd := exec.Command("Rscript", "bench/aberration/simulated/simulated.R", fmt.Sprint(part[0].First+1)) //nolint:gosec,noctx // our own script
	cmd.Stdin, cmd.Stderr = &in, &fault
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%w: %s", err, fault.String())
	}
	var words [][]string
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		w := strings.Fields(lines.Text())
		if len(w) != 7 || len(w[0]) != len(part[0].Counts)-part[0].First {
			return nil, fmt.Errorf("line %d of R is %q", len(words)+1, lines.Text())
		}
		words = append(words, w)
	}
	if len(words) != len(part) {
		return nil, fmt.Errorf("answers of R for %d of %d series", len(words), len(part))
	}
	return words, nil
}
