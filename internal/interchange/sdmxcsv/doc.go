// Package sdmxcsv reads SDMX-CSV data messages 1.0 and 2.0 of any data structure, and writes those of the centre's own, whose definition it
// writes as SDMX-ML 2.1.
//
// Source: SDMX-CSV field guides 1.0 and 2.0 (SDMX technical working group); SDMX 2.1 section 6 for time periods; code list CL_OBS_STATUS 2.2
// of the SDMX cross-domain code lists for absent figures: Q suppressed, L not collected, O not known, M not applicable.
package sdmxcsv
