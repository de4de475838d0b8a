// Package pages measures how long the pages of the running program take at the size of a country, with twenty people at once. See docs/performance.md.
package pages
