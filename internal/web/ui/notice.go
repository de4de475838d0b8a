package ui

// noticeRole lets screen readers announce what went wrong at once and the rest when convenient.
func noticeRole(t Tone) string {
	if t == Bad {
		return "alert"
	}
	return "status"
}
