package disclosure

import (
	"sync"

	"github.com/baqylau/baqylau/internal/access"
)

// watchers are told whenever it is asked what somebody may see. Tests alone put any in.
var watchers sync.Map

// Watch tells of every actor whose audience is asked for, until stop. It is for the tests that walk all routes: an answer with counts of persons for which nobody asked who reads it did not come through
// this package. Several may watch at once; each looks for its own actors.
func Watch(told func(access.Actor)) (stop func()) {
	key := new(byte)
	watchers.Store(key, told)
	return func() { watchers.Delete(key) }
}
