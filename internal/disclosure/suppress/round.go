package suppress

// Rounded is a shown count as a multiple of base: the nearest, halves up, but never 0 for a count that is not, so that a zero means nobody. Bases of 0 and 1 leave it as it is.
// Every shown count, totals included, is rounded by itself, so rounded parts may not add up to their rounded total. What a reader learns from a rounded count he would also learn from the
// count itself, so hidden cells are at least as safe.
func Rounded(n, base int) int {
	if base <= 1 || n == 0 {
		return n
	}
	return max(base, (n+base/2)/base*base)
}
