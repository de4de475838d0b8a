package simulate

import "math"

// Score counts how a detector did on samples. Rates are NaN where nothing was counted.
type Score struct {
	// Samples is the number of series with an outbreak, Detected those with an alarm in at least one outbreak week and DetectedFirst
	// those with an alarm in the first one.
	Samples, Detected, DetectedFirst int
	// TruePositive, FalseNegative, FalsePositive and TrueNegative count the evaluated weeks of the series with the outbreak.
	TruePositive, FalseNegative, FalsePositive, TrueNegative int
	// QuietAlarms and QuietWeeks count the evaluated weeks of the same series without the current outbreak.
	QuietAlarms, QuietWeeks int
	// Delay is the sum of the timeliness of the samples.
	Delay float64
}

// Add judges one sample: alarm are the alarms on Counts, quiet those on Quiet, both for the evaluated weeks in order.
func (c *Score) Add(s *Sample, alarm, quiet []bool) {
	for i := range min(len(quiet), len(s.Counts)-s.First) {
		c.QuietWeeks++
		if quiet[i] {
			c.QuietAlarms++
		}
	}
	first, hit, length := -1, -1, 0
	for i := range min(len(alarm), len(s.Counts)-s.First) {
		switch outbreak := s.Outbreak[s.First+i]; {
		case outbreak && alarm[i]:
			c.TruePositive++
			if hit < 0 {
				hit = i
			}
		case outbreak:
			c.FalseNegative++
		case alarm[i]:
			c.FalsePositive++
		default:
			c.TrueNegative++
		}
		if s.Outbreak[s.First+i] {
			if first < 0 {
				first = i
			}
			length++
		}
	}
	if first < 0 {
		return
	}
	c.Samples++
	if hit < 0 {
		c.Delay++
		return
	}
	c.Detected++
	if hit == first {
		c.DetectedFirst++
	}
	c.Delay += float64(hit-first) / float64(length)
}

// Merge adds the counts of another score.
func (c *Score) Merge(o Score) {
	c.Samples += o.Samples
	c.Detected += o.Detected
	c.DetectedFirst += o.DetectedFirst
	c.TruePositive += o.TruePositive
	c.FalseNegative += o.FalseNegative
	c.FalsePositive += o.FalsePositive
	c.TrueNegative += o.TrueNegative
	c.QuietAlarms += o.QuietAlarms
	c.QuietWeeks += o.QuietWeeks
	c.Delay += o.Delay
}

// FPR is the false positive rate: the share of weeks with an alarm in the series without the current outbreak.
func (c *Score) FPR() float64 { return rate(c.QuietAlarms, c.QuietWeeks) }

// POD is the probability of detection: the share of outbreaks with an alarm in at least one of their weeks.
func (c *Score) POD() float64 { return rate(c.Detected, c.Samples) }

// FirstWeekPOD is the share of outbreaks with an alarm in their first week.
func (c *Score) FirstWeekPOD() float64 { return rate(c.DetectedFirst, c.Samples) }

// Sensitivity is the share of outbreak weeks with an alarm.
func (c *Score) Sensitivity() float64 {
	return rate(c.TruePositive, c.TruePositive+c.FalseNegative)
}

// Specificity is the share of weeks without alarm among the weeks outside the outbreak, in the series that has one.
func (c *Score) Specificity() float64 { return rate(c.TrueNegative, c.TrueNegative+c.FalsePositive) }

// PPV is the positive predictive value: the share of alarms that fall in an outbreak week.
func (c *Score) PPV() float64 { return rate(c.TruePositive, c.TruePositive+c.FalsePositive) }

// NPV is the negative predictive value: the share of weeks outside the outbreak among weeks without alarm.
func (c *Score) NPV() float64 { return rate(c.TrueNegative, c.TrueNegative+c.FalseNegative) }

// F1 is the harmonic mean of Sensitivity and PPV over all weeks counted: 2TP/(2TP+FP+FN).
func (c *Score) F1() float64 {
	return rate(2*c.TruePositive, 2*c.TruePositive+c.FalsePositive+c.FalseNegative)
}

// Timeliness is the mean over outbreaks of (first detected week - first week)/(number of weeks), and 1 for one that was missed
// (Salmon et al. 2015, Biometrical Journal 57, 1051–1067); 0 is best.
func (c *Score) Timeliness() float64 {
	if c.Samples == 0 {
		return math.NaN()
	}
	return c.Delay / float64(c.Samples)
}

func rate(a, b int) float64 {
	if b == 0 {
		return math.NaN()
	}
	return float64(a) / float64(b)
}
