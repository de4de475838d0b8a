package treatment

import "fmt"

// refOf is the number of a made-up case.
func refOf(seed uint64, n int) string { return fmt.Sprintf("S%d-%06d", seed, n+1) }
