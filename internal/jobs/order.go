package jobs

// Priorities of jobs; River takes the lowest that waits. What does not say is Urgent: letters, and imports that somebody waits for.
const (
	Urgent  = 1
	Detect  = 2 // the detectors after single reports: one run does for many
	Compare = 3 // proposals to merge: there are as many as reports, and nobody waits for one
)
