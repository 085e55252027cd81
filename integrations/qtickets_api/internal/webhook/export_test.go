package webhook

import "time"

// For tests at the limits.
const (
	MaxBody   = maxBody
	MaxBodies = maxBodies
)

// Patient gives every body as much time as a slow machine may need.
func (h *Receiver) Patient() { h.bodyTime = time.Hour }

// Unhurried leaves every body alone, however many others wait.
func (h *Receiver) Unhurried() { h.bodies.grace = time.Hour }

// Held is how many bodies are in memory now.
func (h *Receiver) Held() int { return len(h.bodies.slots) }
