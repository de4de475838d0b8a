package change

// Waiting is how many acts wait for their turn.
func (g *Together[T]) Waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.waiting)
}
