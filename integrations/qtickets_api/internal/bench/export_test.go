package bench

// Page is one page of the history as the API writes it; number is 1-based.
func (h *History) Page(number int) []byte { return h.page(number) }
