// Package dhis2 reads and writes data value sets of DHIS2, the health information system of most ministries of health, in its three forms:
// JSON, XML (namespace dxf 2.0) and CSV with or without a header.
//
// Source: DHIS2 developer guide, "Data values" and "Date and period format". DHIS2 has no word for an absent figure and drops a data value
// that has neither value nor comment; absence, qualifier and "provisional" therefore stand in the comment (interchange.Note), and an absent
// figure has no value. A zero is a value, which DHIS2 keeps only for data elements marked "store zero data values".
package dhis2
