package webhook

// For tests at the limits.
const (
	MaxBody   = maxBody
	MaxBodies = maxBodies
)

// Held is how many bodies are in memory now.
func (h *Receiver) Held() int { return len(h.bodies.slots) }
