// Package epi turns what a drug monitoring centre counts into estimates with intervals: design-based survey statistics, proportions and
// rates, standardised mortality, the size of hidden populations (capture–recapture, multipliers, respondent-driven sampling, network
// scale-up), wastewater loads and the coverage of services. It is pure: no input or output, no clock; what is random takes a seed.
//
// Every function says in its comment the formula, the units, the source, what it assumes and when not to use it. What is longer to tell
// stands in docs/methods.
//
// Nothing panics, whatever the numbers: input that makes no sense is refused with an *Error, and a figure that the data do not determine is
// NaN (undefined) or infinite (without an upper limit), never a number that looks like an answer.
package epi
