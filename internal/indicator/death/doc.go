// Package death counts drug-related deaths (EUDA key indicator DRD): causes of death in ICD-10, the selections by which a death counts, the rates and the follow-up of cohorts.
// It is pure: it reads no clock and no disk.
//
// A country has two sources that overlap and are never added up: the general mortality register, whose deaths are selected by their coded causes (Selection B of the
// EMCDDA protocol, DRD standard 3.2), and special registers of forensic medicine or police, selected by what poisoned the person (Selection D). Beside both stands
// the definition that the country itself publishes by. Which causes belong to a selection is data with dates (data/indicators/selections.csv), because the lists
// change and parts of them are not yet checked against the protocol; each rule says whether it is.
package death
